// Package repository keeps the buckets: in memory for one process, in Redis for many.
package repository

import (
	"context"

	"example.com/zz-project/internal/models"
)

// Buckets takes a token for a client if there is one. Taking is atomic: two requests never get the same token.
type Buckets interface {
	Take(ctx context.Context, client string, policy models.Policy) (models.Decision, error)
	Ping(ctx context.Context) error
	Close() error
}
