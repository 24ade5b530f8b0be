// Package limiter answers whether a client may make one more request.
package limiter

// Limiter is a fixed window: so many requests for each client, then no more until the window ends.
type Limiter struct {
	limit, window int
	clients       map[string]*seen
}

type seen struct{ since, used int }

// New allows limit requests in each window.
func New(limit, window int) *Limiter {
	return &Limiter{limit: limit, window: window, clients: map[string]*seen{}}
}

// Allows says whether client may make a request at the time now, and counts it.
func (l *Limiter) Allows(client string, now int) bool {
	s := l.clients[client]
	if s == nil || now-s.since >= l.window {
		s = &seen{since: now}
		l.clients[client] = s
	}
	allowed := s.used < l.limit
	s.used++
	return allowed
}
