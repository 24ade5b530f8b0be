"""What a client is told with each answer, so that it can wait instead of being refused."""

import math


def headers(limit, used, resets_in_ms):
    remaining = max(0, limit - used)
    answer = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(math.ceil(resets_in_ms / 1000)),
    }
    if remaining == 0:
        answer["Retry-After"] = answer["RateLimit-Reset"]
    return answer
