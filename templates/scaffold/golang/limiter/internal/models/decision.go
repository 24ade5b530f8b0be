// Package models holds the words of the domain.
package models

import (
	"math"
	"time"
)

// Policy is what a client may do: a bucket of Limit tokens that fills up once in every Window.
type Policy struct {
	Limit  int
	Window time.Duration
}

// Decision is the answer to one request.
type Decision struct {
	Allowed   bool
	Limit     int
	Remaining int
	// RetryAfter is how long until one token is there again; zero where the request was allowed.
	RetryAfter time.Duration
	// ResetAfter is how long until the bucket is full again.
	ResetAfter time.Duration
}

// Decide turns the tokens that are left into an answer.
func (p Policy) Decide(allowed bool, tokens float64) Decision {
	perToken := p.Window.Seconds() / float64(p.Limit)
	decision := Decision{
		Allowed:    allowed,
		Limit:      p.Limit,
		Remaining:  int(math.Floor(tokens)),
		ResetAfter: seconds((float64(p.Limit) - tokens) * perToken),
	}
	if !allowed {
		decision.RetryAfter = seconds((1 - tokens) * perToken)
	}
	return decision
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second))
}
