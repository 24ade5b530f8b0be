package repository

import (
	"context"
	"testing"
	"time"

	"example.com/zz-project/internal/models"
)

// clock is a time that only moves when it is told to.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func take(t *testing.T, buckets Buckets, client string, policy models.Policy) models.Decision {
	t.Helper()
	decision, err := buckets.Take(context.Background(), client, policy)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

func TestAnEmptyBucketRefusesUntilATokenIsThereAgain(t *testing.T) {
	clock := &clock{now: time.Unix(1_000, 0)}
	memory := NewMemory(clock.read)
	policy := models.Policy{Limit: 2, Window: 10 * time.Second}
	for want := 1; want >= 0; want-- {
		if got := take(t, memory, "ada", policy); !got.Allowed || got.Remaining != want {
			t.Fatalf("%+v, want %d left", got, want)
		}
	}
	refused := take(t, memory, "ada", policy)
	if refused.Allowed || refused.RetryAfter != 5*time.Second || refused.ResetAfter != 10*time.Second {
		t.Fatalf("%+v", refused)
	}
	clock.now = clock.now.Add(5 * time.Second)
	if got := take(t, memory, "ada", policy); !got.Allowed {
		t.Fatalf("a token was there again: %+v", got)
	}
}

func TestClientsHaveBucketsOfTheirOwn(t *testing.T) {
	memory := NewMemory(time.Now)
	policy := models.Policy{Limit: 1, Window: time.Hour}
	take(t, memory, "ada", policy)
	if !take(t, memory, "grace", policy).Allowed {
		t.Fatal("grace paid for ada")
	}
}

func TestFullBucketsAreForgottenWhenThereAreMany(t *testing.T) {
	clock := &clock{now: time.Unix(1_000, 0)}
	memory := NewMemory(clock.read)
	policy := models.Policy{Limit: 1, Window: time.Second}
	for i := range sweepAt {
		take(t, memory, string(rune(i)), policy)
	}
	clock.now = clock.now.Add(time.Second)
	take(t, memory, "the one too many", policy)
	if len(memory.buckets) != 1 {
		t.Fatalf("%d buckets are kept", len(memory.buckets))
	}
}
