"""A fixed window: so many requests for each client, then no more until the window ends."""


class Limiter:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window
        self.clients = {}

    def allows(self, client, now):
        since, used = self.clients.get(client, (now, 0))
        if now - since >= self.window:
            since, used = now, 0
        allowed = used < self.limit
        self.clients[client] = (since, used + 1)
        return allowed
