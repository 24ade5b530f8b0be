// Package test asks the whole service over HTTP.
package test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/zz-project/internal/app"
	"example.com/zz-project/internal/config"
)

func serve(t *testing.T, cfg config.Config) *httptest.Server {
	t.Helper()
	handler, closeApp, err := app.New(cfg, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.Close()
		if err := closeApp(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func get(t *testing.T, url, key string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Api-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func testTheLimit(t *testing.T, redisURL string) {
	server := serve(t, config.Config{RedisURL: redisURL, Limit: 3, Window: time.Hour})
	key := fmt.Sprint("test-", time.Now().UnixNano())
	for left := 2; left >= 0; left-- {
		response, _ := get(t, server.URL+"/api/ping", key)
		if response.StatusCode != http.StatusOK || response.Header.Get("RateLimit-Remaining") != fmt.Sprint(left) {
			t.Fatalf("%d left: %s %v", left, response.Status, response.Header)
		}
	}
	response, body := get(t, server.URL+"/api/ping", key)
	if response.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, "too many requests") {
		t.Fatalf("%s %s", response.Status, body)
	}
	if response.Header.Get("RateLimit-Limit") != "3" || response.Header.Get("Retry-After") != "1200" {
		t.Fatalf("%v", response.Header)
	}
	if response, _ := get(t, server.URL+"/api/ping", key+"-other"); response.StatusCode != http.StatusOK {
		t.Fatalf("another client: %s", response.Status)
	}
}

func TestTheFourthRequestOfThreeIsRefused(t *testing.T) {
	testTheLimit(t, "")
}

// The same against a real Redis: docker compose up -d redis && REDIS_URL=redis://localhost:6379 go test ./...
func TestTheLimitHoldsOnRedis(t *testing.T) {
	url := os.Getenv("REDIS_URL")
	if url == "" {
		t.Skip("REDIS_URL is not set")
	}
	testTheLimit(t, url)
	server := serve(t, config.Config{RedisURL: url, Limit: 1, Window: time.Hour})
	if response, _ := get(t, server.URL+"/health", ""); response.StatusCode != http.StatusOK {
		t.Fatalf("health: %s", response.Status)
	}
}

func TestHealthTellsWhenRedisIsGone(t *testing.T) {
	server := serve(t, config.Config{RedisURL: "redis://127.0.0.1:1", Limit: 1, Window: time.Hour})
	if response, _ := get(t, server.URL+"/health", ""); response.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(response.Status)
	}
}

func TestHealthAndMetricsAnswer(t *testing.T) {
	server := serve(t, config.Config{Limit: 1, Window: time.Hour})
	get(t, server.URL+"/api/ping", "ada")
	if response, body := get(t, server.URL+"/health", ""); response.StatusCode != http.StatusOK {
		t.Errorf("health: %s %s", response.Status, body)
	}
	_, metrics := get(t, server.URL+"/metrics", "")
	for _, want := range []string{
		`http_requests_total{method="GET",path="/api/ping",status="200"} 1`,
		`rate_limiter_decisions_total{result="allowed"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is not in\n%s", want, metrics)
		}
	}
}
