package limiter

import "testing"

func TestAllowsAsManyRequestsAsTheLimit(t *testing.T) {
	l := New(2, 1000)
	if !l.Allows("ada", 0) || !l.Allows("ada", 1) {
		t.Error("refused within the limit")
	}
}

func TestRefusesOneRequestMore(t *testing.T) {
	l := New(2, 1000)
	l.Allows("ada", 0)
	l.Allows("ada", 1)
	if l.Allows("ada", 2) {
		t.Error("allowed past the limit")
	}
}
