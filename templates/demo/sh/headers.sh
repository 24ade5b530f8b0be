# What a client is told with each answer, so that it can wait instead of being refused.
# headers LIMIT USED RESETS_IN_SECONDS
headers() {
    remaining=$(($1 - $2))
    if [ "$remaining" -lt 0 ]; then
        remaining=0
    fi
    echo "RateLimit-Limit: $1"
    echo "RateLimit-Remaining: $remaining"
    echo "RateLimit-Reset: $3"
    if [ "$remaining" -eq 0 ]; then
        echo "Retry-After: $3"
    fi
}
