package config

import (
	"log/slog"
	"testing"
)

func env(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestAnEmptyEnvironmentMeansTheDefaults(t *testing.T) {
	cfg, err := FromEnv(env(nil))
	if err != nil || cfg.Port != 8080 || cfg.LogLevel != slog.LevelInfo {
		t.Fatalf("%+v, %v", cfg, err)
	}
}

func TestTheEnvironmentDecides(t *testing.T) {
	cfg, err := FromEnv(env(map[string]string{"PORT": "9000", "LOG_LEVEL": "debug"}))
	if err != nil || cfg.Port != 9000 || cfg.LogLevel != slog.LevelDebug {
		t.Fatalf("%+v, %v", cfg, err)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	for name, value := range map[string]string{"PORT": "70000", "LOG_LEVEL": "loud"} {
		if _, err := FromEnv(env(map[string]string{name: value})); err == nil {
			t.Errorf("%s=%s was accepted", name, value)
		}
	}
}
