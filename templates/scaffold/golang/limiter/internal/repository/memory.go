package repository

import (
	"context"
	"math"
	"sync"
	"time"

	"example.com/zz-project/internal/models"
)

// sweepAt is the number of buckets at which full ones are forgotten: a full bucket and none at all are the same.
const sweepAt = 10_000

type bucket struct {
	tokens float64
	at     time.Time
}

func (b bucket) filled(now time.Time, policy models.Policy) float64 {
	gained := now.Sub(b.at).Seconds() * float64(policy.Limit) / policy.Window.Seconds()
	return math.Min(float64(policy.Limit), b.tokens+math.Max(0, gained))
}

// Memory is right for one process: another one would count for itself.
type Memory struct {
	mu      sync.Mutex
	buckets map[string]bucket
	now     func() time.Time
}

// NewMemory reads the time from now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{buckets: map[string]bucket{}, now: now}
}

// Take implements Buckets.
func (m *Memory) Take(_ context.Context, client string, policy models.Policy) (models.Decision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	tokens := float64(policy.Limit)
	if known, ok := m.buckets[client]; ok {
		tokens = known.filled(now, policy)
	} else if len(m.buckets) >= sweepAt {
		m.sweep(now, policy)
	}
	allowed := tokens >= 1
	if allowed {
		tokens--
	}
	m.buckets[client] = bucket{tokens: tokens, at: now}
	return policy.Decide(allowed, tokens), nil
}

func (m *Memory) sweep(now time.Time, policy models.Policy) {
	for client, bucket := range m.buckets {
		if bucket.filled(now, policy) >= float64(policy.Limit) {
			delete(m.buckets, client)
		}
	}
}

// Ping implements Buckets.
func (m *Memory) Ping(context.Context) error { return nil }

// Close implements Buckets.
func (m *Memory) Close() error { return nil }
