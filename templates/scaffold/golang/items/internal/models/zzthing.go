// Package models holds the words of the domain.
package models

// Zzthing is the one thing that this service knows so far. What it really consists of is yours to decide.
type Zzthing struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
