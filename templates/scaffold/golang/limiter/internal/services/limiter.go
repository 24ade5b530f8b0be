// Package services holds what the service does, free of HTTP and of storage.
package services

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"example.com/zz-project/internal/models"
	"example.com/zz-project/internal/repository"
)

// Limiter decides which requests may pass.
type Limiter struct {
	buckets   repository.Buckets
	policy    models.Policy
	logger    *slog.Logger
	decisions *prometheus.CounterVec
}

// NewLimiter counts its decisions in the registry.
func NewLimiter(
	buckets repository.Buckets, policy models.Policy, logger *slog.Logger, registry prometheus.Registerer,
) *Limiter {
	decisions := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "rate_limiter_decisions_total",
		Help: "Decisions of the limiter: allowed, refused, or failed_open when the store did not answer.",
	}, []string{"result"})
	registry.MustRegister(decisions)
	return &Limiter{buckets: buckets, policy: policy, logger: logger, decisions: decisions}
}

// Allow takes a token for the client. Where the store does not answer, the request passes: a limiter that is down must not
// take the API down with it. Whether that is right for yours is worth a decision record.
func (l *Limiter) Allow(ctx context.Context, client string) models.Decision {
	decision, err := l.buckets.Take(ctx, client, l.policy)
	switch {
	case err != nil:
		l.logger.ErrorContext(ctx, "the limiter fails open", "error", err)
		l.decisions.WithLabelValues("failed_open").Inc()
		return l.policy.Decide(true, float64(l.policy.Limit))
	case decision.Allowed:
		l.decisions.WithLabelValues("allowed").Inc()
	default:
		l.decisions.WithLabelValues("refused").Inc()
	}
	return decision
}
