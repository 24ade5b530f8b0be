// Package handlers turns HTTP into calls of services, and their answers into HTTP.
package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/zz-project/internal/observability"
)

// NewRouter has what every service has: logs, metrics, traces, and an answer to GET /health. The feature adds its routes.
func NewRouter(logger *slog.Logger, metrics *observability.Metrics, healthy func(context.Context) error) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	// X-Forwarded-For is believed from nobody until you name your proxies here.
	_ = router.SetTrustedProxies(nil)
	router.Use(observability.Trace(), observability.RequestLog(logger), metrics.Observe(), recoverWith(logger))
	router.NoRoute(func(c *gin.Context) { c.JSON(http.StatusNotFound, gin.H{"error": "not found"}) })

	router.GET("/metrics", gin.WrapH(metrics.Handler()))
	router.GET("/health", func(c *gin.Context) {
		if err := healthy(c.Request.Context()); err != nil {
			logger.ErrorContext(c.Request.Context(), "unhealthy", "error", err)
			c.JSON(http.StatusServiceUnavailable, gin.H{"status": "unavailable"})
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ok"})
	})
	return router
}

func recoverWith(logger *slog.Logger) gin.HandlerFunc {
	return gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, cause any) {
		logger.ErrorContext(c.Request.Context(), "panic", "cause", fmt.Sprint(cause))
		c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"error": "internal error"})
	})
}
