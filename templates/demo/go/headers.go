package limiter

import "strconv"

// Headers is what a client is told with each answer, so that it can wait instead of being refused.
func Headers(limit, used, resetsInMs int) map[string]string {
	remaining := max(0, limit-used)
	answer := map[string]string{
		"RateLimit-Limit":     strconv.Itoa(limit),
		"RateLimit-Remaining": strconv.Itoa(remaining),
		"RateLimit-Reset":     strconv.Itoa((resetsInMs + 999) / 1000),
	}
	if remaining == 0 {
		answer["Retry-After"] = answer["RateLimit-Reset"]
	}
	return answer
}
