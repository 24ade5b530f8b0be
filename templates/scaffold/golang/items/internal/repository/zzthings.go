// Package repository keeps what the service knows. In memory, for a start: it is gone when the process ends.
package repository

import (
	"context"
	"sync"

	"example.com/zz-project/internal/models"
)

// Zzthings is what a store must be able to do; a database comes in behind it.
type Zzthings interface {
	List(ctx context.Context) ([]models.Zzthing, error)
	Add(ctx context.Context, zzthing models.Zzthing) error
}

// Memory keeps them in the order in which they came.
type Memory struct {
	mu  sync.RWMutex
	all []models.Zzthing
}

// List implements Zzthings.
func (m *Memory) List(context.Context) ([]models.Zzthing, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return append([]models.Zzthing{}, m.all...), nil
}

// Add implements Zzthings.
func (m *Memory) Add(_ context.Context, zzthing models.Zzthing) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, zzthing)
	return nil
}
