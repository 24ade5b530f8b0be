package limiter

import "testing"

func TestSaysWhatIsLeft(t *testing.T) {
	if got := Headers(3, 1, 500)["RateLimit-Remaining"]; got != "2" {
		t.Error(got)
	}
}

func TestSaysWhenToComeBack(t *testing.T) {
	if got := Headers(3, 4, 1500)["Retry-After"]; got != "2" {
		t.Error(got)
	}
}
