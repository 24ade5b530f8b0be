"""What a client may do, and the answer to one request."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """Times are in seconds; `retry_after` is how long until one token is there again, 0 where the request passed."""

    allowed: bool
    limit: int
    remaining: int
    retry_after: float
    reset_after: float


@dataclass(frozen=True)
class Policy:
    """A bucket of `limit` tokens that fills up once in every `window` seconds."""

    limit: int
    window: float

    def decide(self, allowed: bool, tokens: float) -> Decision:
        """Turns the tokens that are left into an answer."""
        per_token = self.window / self.limit
        return Decision(
            allowed=allowed,
            limit=self.limit,
            remaining=math.floor(tokens),
            retry_after=0 if allowed else (1 - tokens) * per_token,
            reset_after=(self.limit - tokens) * per_token,
        )
