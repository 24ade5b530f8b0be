// Package app puts the parts together.
package app

import (
	"log/slog"
	"net/http"
	"time"

	"example.com/zz-project/internal/config"
	"example.com/zz-project/internal/handlers"
	"example.com/zz-project/internal/models"
	"example.com/zz-project/internal/observability"
	"example.com/zz-project/internal/repository"
	"example.com/zz-project/internal/services"
)

// New is the whole service as a handler, and what closes it.
func New(cfg config.Config, logger *slog.Logger) (http.Handler, func() error, error) {
	var buckets repository.Buckets = repository.NewMemory(time.Now)
	if cfg.RedisURL != "" {
		redis, err := repository.NewRedis(cfg.RedisURL)
		if err != nil {
			return nil, nil, err
		}
		buckets = redis
	}
	metrics := observability.NewMetrics()
	policy := models.Policy{Limit: cfg.Limit, Window: cfg.Window}
	router := handlers.NewRouter(logger, metrics, buckets.Ping)
	handlers.RegisterPing(router, services.NewLimiter(buckets, policy, logger, metrics.Registry))
	return router, buckets.Close, nil
}
