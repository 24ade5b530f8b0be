// Package services holds what the service does, free of HTTP and of storage.
package services

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"example.com/zz-project/internal/models"
	"example.com/zz-project/internal/repository"
)

// ErrNameMissing is what a nameless one is refused with.
var ErrNameMissing = errors.New("name must not be empty")

// Zzthings lists them and makes new ones.
type Zzthings struct{ store repository.Zzthings }

// NewZzthings keeps them in the store.
func NewZzthings(store repository.Zzthings) *Zzthings {
	return &Zzthings{store}
}

// List gives all of them, oldest first.
func (s *Zzthings) List(ctx context.Context) ([]models.Zzthing, error) {
	return s.store.List(ctx)
}

// Create gives it an id and keeps it.
func (s *Zzthings) Create(ctx context.Context, name string) (models.Zzthing, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return models.Zzthing{}, ErrNameMissing
	}
	zzthing := models.Zzthing{ID: uuid.NewString(), Name: name}
	return zzthing, s.store.Add(ctx, zzthing)
}
