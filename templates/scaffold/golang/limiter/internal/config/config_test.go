package config

import (
	"testing"
	"time"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestAnEmptyEnvironmentMeansTheDefaults(t *testing.T) {
	cfg, err := FromEnv(env(nil))
	if err != nil || cfg.Port != 8080 || cfg.Limit != 10 || cfg.Window != time.Minute || cfg.RedisURL != "" {
		t.Fatalf("%+v, %v", cfg, err)
	}
}

func TestTheEnvironmentDecides(t *testing.T) {
	cfg, err := FromEnv(env(map[string]string{"PORT": "9000", "RATE_LIMIT": "3", "RATE_WINDOW_SECONDS": "5"}))
	if err != nil || cfg.Port != 9000 || cfg.Limit != 3 || cfg.Window != 5*time.Second {
		t.Fatalf("%+v, %v", cfg, err)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	for name, value := range map[string]string{"PORT": "http", "RATE_LIMIT": "0", "LOG_LEVEL": "loud"} {
		if _, err := FromEnv(env(map[string]string{name: value})); err == nil {
			t.Errorf("%s=%s was accepted", name, value)
		}
	}
}
