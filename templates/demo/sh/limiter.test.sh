. ./limiter.sh
check "allows as many requests as the limit" allows 2 1
check "refuses one request more" refuses 2 2
