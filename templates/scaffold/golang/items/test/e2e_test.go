// Package test asks the whole service over HTTP.
package test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/zz-project/internal/app"
	"example.com/zz-project/internal/config"
)

func ask(t *testing.T, handler http.Handler, method, path, body string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, path, strings.NewReader(body)))
	return recorder.Code, recorder.Body.String()
}

func service(t *testing.T) http.Handler {
	t.Helper()
	handler, closeApp, err := app.New(config.Config{}, slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeApp() })
	return handler
}

func TestWhatIsPostedIsListed(t *testing.T) {
	handler := service(t)
	if code, body := ask(t, handler, http.MethodGet, "/api/zzthings", ""); code != http.StatusOK || body != "[]" {
		t.Fatal(code, body)
	}
	if code, body := ask(t, handler, http.MethodPost, "/api/zzthings", `{"name":"first"}`); code != http.StatusCreated {
		t.Fatal(code, body)
	}
	if _, body := ask(t, handler, http.MethodGet, "/api/zzthings", ""); !strings.Contains(body, `"name":"first"`) {
		t.Fatal(body)
	}
}

func TestABadBodyIsRefused(t *testing.T) {
	handler := service(t)
	for _, body := range []string{"", "[]", `{"name":" "}`} {
		if code, answer := ask(t, handler, http.MethodPost, "/api/zzthings", body); code != http.StatusBadRequest {
			t.Errorf("%q: %d %s", body, code, answer)
		}
	}
}

func TestHealthAndMetricsAnswer(t *testing.T) {
	handler := service(t)
	if code, body := ask(t, handler, http.MethodGet, "/health", ""); code != http.StatusOK {
		t.Errorf("health: %d %s", code, body)
	}
	_, metrics := ask(t, handler, http.MethodGet, "/metrics", "")
	if want := `http_requests_total{method="GET",path="/health",status="200"} 1`; !strings.Contains(metrics, want) {
		t.Errorf("%s is not in\n%s", want, metrics)
	}
}
