package services

import (
	"context"
	"errors"
	"testing"

	"example.com/zz-project/internal/repository"
)

func TestWhatIsCreatedIsListed(t *testing.T) {
	service := NewZzthings(&repository.Memory{})
	created, err := service.Create(context.Background(), " first ")
	if err != nil || created.Name != "first" || created.ID == "" {
		t.Fatalf("%+v, %v", created, err)
	}
	all, err := service.List(context.Background())
	if err != nil || len(all) != 1 || all[0] != created {
		t.Fatalf("%+v, %v", all, err)
	}
}

func TestANameIsNeeded(t *testing.T) {
	if _, err := NewZzthings(&repository.Memory{}).Create(context.Background(), " "); !errors.Is(err, ErrNameMissing) {
		t.Fatal(err)
	}
}
