// A fixed window: so many requests for each client, then no more until the window ends.
class Limiter {
  constructor(limit, windowMs) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.clients = new Map();
  }

  allows(client, now) {
    const seen = this.clients.get(client);
    if (!seen || now - seen.since >= this.windowMs) {
      this.clients.set(client, { since: now, used: 1 });
      return true;
    }
    const allowed = seen.used < this.limit;
    seen.used += 1;
    return allowed;
  }
}

module.exports = { Limiter };
