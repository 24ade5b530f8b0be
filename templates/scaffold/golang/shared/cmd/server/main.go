// Command server serves zz-title over HTTP until it is told to stop.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/zz-project/internal/app"
	"example.com/zz-project/internal/config"
	"example.com/zz-project/internal/observability"
)

// drain is how long requests that are under way may take once the service is told to stop.
const drain = 10 * time.Second

func main() {
	if err := run(); err != nil {
		slog.Error("stopped by an error", "error", err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	cfg, err := config.FromEnv(os.Getenv)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	logger := observability.NewLogger(os.Stdout, cfg.LogLevel)
	slog.SetDefault(logger)

	flushTraces, err := observability.StartTracing(ctx, "zz-project", os.Getenv)
	if err != nil {
		return fmt.Errorf("start tracing: %w", err)
	}
	handler, closeApp, err := app.New(cfg, logger)
	if err != nil {
		return err
	}

	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", cfg.Port))
	if err != nil {
		return errors.Join(err, closeApp())
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	logger.Info("listening", "port", cfg.Port)

	select {
	case err = <-failed:
	case <-ctx.Done():
		logger.Info("stopping")
	}
	// A second signal ends the process at once.
	stop()
	until, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return errors.Join(err, server.Shutdown(until), closeApp(), flushTraces(until))
}
