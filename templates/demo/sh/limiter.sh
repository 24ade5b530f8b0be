# A fixed window: so many requests, then no more until the window ends.
# allows LIMIT USED: whether one more request may pass when USED have passed already.
allows() {
    limit=$1
    used=$2
    [ "$used" -lt "$limit" ]
}
