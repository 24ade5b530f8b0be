// Package config reads what the environment says.
package config

import (
	"fmt"
	"log/slog"
	"strconv"
)

// Config is everything that may differ between two installations.
type Config struct {
	Port     int
	LogLevel slog.Level
}

// FromEnv reads PORT and LOG_LEVEL, and refuses what makes no sense.
func FromEnv(getenv func(string) string) (Config, error) {
	cfg := Config{Port: 8080}
	if level := getenv("LOG_LEVEL"); level != "" {
		if err := cfg.LogLevel.UnmarshalText([]byte(level)); err != nil {
			return Config{}, fmt.Errorf("LOG_LEVEL: %w", err)
		}
	}
	if text := getenv("PORT"); text != "" {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			return Config{}, fmt.Errorf("PORT: %q is not a port", text)
		}
		cfg.Port = int(port)
	}
	return cfg, nil
}
