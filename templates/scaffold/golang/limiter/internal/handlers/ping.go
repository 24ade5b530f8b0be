package handlers

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"example.com/zz-project/internal/services"
)

// RegisterPing adds GET /api/ping, the endpoint that stands for the API behind the limiter.
func RegisterPing(router *gin.Engine, limiter *services.Limiter) {
	api := router.Group("/api", limit(limiter))
	api.GET("/ping", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"message": "pong"}) })
}

// limit lets a request pass or answers 429. Either way the client learns where it stands.
func limit(limiter *services.Limiter) gin.HandlerFunc {
	return func(c *gin.Context) {
		decision := limiter.Allow(c.Request.Context(), clientOf(c))
		c.Header("RateLimit-Limit", strconv.Itoa(decision.Limit))
		c.Header("RateLimit-Remaining", strconv.Itoa(decision.Remaining))
		c.Header("RateLimit-Reset", wholeSeconds(decision.ResetAfter))
		if !decision.Allowed {
			c.Header("Retry-After", wholeSeconds(decision.RetryAfter))
			c.AbortWithStatusJSON(http.StatusTooManyRequests, gin.H{"error": "too many requests"})
		}
	}
}

// clientOf is the API key where there is one, else the address.
func clientOf(c *gin.Context) string {
	if key := c.GetHeader("X-Api-Key"); key != "" {
		return "key:" + key
	}
	return "ip:" + c.ClientIP()
}

// wholeSeconds rounds up: who comes back after it comes back late enough.
func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}
