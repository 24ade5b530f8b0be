// Package config reads what the environment says.
package config

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

// Config is everything that may differ between two installations.
type Config struct {
	Port     int
	LogLevel slog.Level
	// RedisURL is empty for buckets in this process's memory.
	RedisURL string
	// Limit is how many requests a client may make at once, and again in every Window.
	Limit  int
	Window time.Duration
}

// FromEnv reads PORT, LOG_LEVEL, REDIS_URL, RATE_LIMIT and RATE_WINDOW_SECONDS, and refuses what makes no sense.
func FromEnv(getenv func(string) string) (Config, error) {
	cfg := Config{RedisURL: getenv("REDIS_URL")}
	if level := getenv("LOG_LEVEL"); level != "" {
		if err := cfg.LogLevel.UnmarshalText([]byte(level)); err != nil {
			return Config{}, fmt.Errorf("LOG_LEVEL: %w", err)
		}
	}
	var seconds int
	for _, number := range []struct {
		name     string
		fallback int
		into     *int
	}{
		{"PORT", 8080, &cfg.Port},
		{"RATE_LIMIT", 10, &cfg.Limit},
		{"RATE_WINDOW_SECONDS", 60, &seconds},
	} {
		*number.into = number.fallback
		text := getenv(number.name)
		if text == "" {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < 1 {
			return Config{}, fmt.Errorf("%s: %q is not a positive number", number.name, text)
		}
		*number.into = value
	}
	cfg.Window = time.Duration(seconds) * time.Second
	return cfg, nil
}
