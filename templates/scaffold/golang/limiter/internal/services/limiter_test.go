package services

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"example.com/zz-project/internal/models"
	"example.com/zz-project/internal/repository"
)

var quiet = slog.New(slog.NewJSONHandler(io.Discard, nil))

type broken struct{ repository.Buckets }

func (broken) Take(context.Context, string, models.Policy) (models.Decision, error) {
	return models.Decision{}, errors.New("connection refused")
}

func TestTheLimiterRefusesWhatIsOverTheLimit(t *testing.T) {
	policy := models.Policy{Limit: 1, Window: time.Hour}
	limiter := NewLimiter(repository.NewMemory(time.Now), policy, quiet, prometheus.NewRegistry())
	if !limiter.Allow(context.Background(), "ada").Allowed || limiter.Allow(context.Background(), "ada").Allowed {
		t.Fatal("one request is allowed, the second is not")
	}
}

func TestTheLimiterFailsOpen(t *testing.T) {
	limiter := NewLimiter(broken{}, models.Policy{Limit: 1, Window: time.Hour}, quiet, prometheus.NewRegistry())
	if !limiter.Allow(context.Background(), "ada").Allowed {
		t.Fatal("a broken store took the API down")
	}
}
