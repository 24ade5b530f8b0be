package observability

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
)

func answer(t *testing.T, requestID string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	gin.SetMode(gin.TestMode)
	var out bytes.Buffer
	engine := gin.New()
	engine.Use(RequestLog(NewLogger(&out, slog.LevelInfo)))
	engine.GET("/", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set(RequestIDHeader, requestID)
	recorder := httptest.NewRecorder()
	engine.ServeHTTP(recorder, request)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("the log line is not JSON: %v: %s", err, out.String())
	}
	return recorder, line
}

func TestTheRequestIDOfTheCallerIsLoggedAndSentBack(t *testing.T) {
	recorder, line := answer(t, "abc-123")
	if got := recorder.Header().Get(RequestIDHeader); got != "abc-123" {
		t.Errorf("header: %q", got)
	}
	if line["request_id"] != "abc-123" || line["status"] != float64(http.StatusNoContent) {
		t.Errorf("log line: %v", line)
	}
}

func TestAHarmfulRequestIDIsReplaced(t *testing.T) {
	_, line := answer(t, `"},{"forged":"`)
	id, _ := line["request_id"].(string)
	if !harmless.MatchString(id) {
		t.Errorf("request_id: %q", id)
	}
}
