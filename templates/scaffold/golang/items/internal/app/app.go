// Package app puts the parts together.
package app

import (
	"context"
	"log/slog"
	"net/http"

	"example.com/zz-project/internal/config"
	"example.com/zz-project/internal/handlers"
	"example.com/zz-project/internal/observability"
	"example.com/zz-project/internal/repository"
	"example.com/zz-project/internal/services"
)

// New is the whole service as a handler, and what closes it.
func New(_ config.Config, logger *slog.Logger) (http.Handler, func() error, error) {
	// A database is asked here whether it answers, and closed below.
	healthy := func(context.Context) error { return nil }
	router := handlers.NewRouter(logger, observability.NewMetrics(), healthy)
	handlers.RegisterZzthings(router, services.NewZzthings(&repository.Memory{}))
	return router, func() error { return nil }, nil
}
