. ./headers.sh
says() { headers "$1" "$2" "$3" | grep -qx "$4"; }
check "says what is left" says 3 1 1 "RateLimit-Remaining: 2"
check "says when to come back" says 3 4 2 "Retry-After: 2"
