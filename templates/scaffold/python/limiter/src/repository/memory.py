"""Buckets for one process: another one would count for itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from src.models.decision import Decision, Policy

# The number of buckets at which full ones are forgotten: a full bucket and none at all are the same.
SWEEP_AT = 10_000


@dataclass
class Bucket:
    """Tokens, and the time at which they were counted."""

    tokens: float
    at: float

    def filled(self, now: float, policy: Policy) -> float:
        """The tokens by now."""
        return min(
            policy.limit,
            self.tokens + max(0.0, now - self.at) * policy.limit / policy.window,
        )


class MemoryBuckets:
    """Atomic because nothing is awaited between looking and taking."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.buckets: dict[str, Bucket] = {}
        self.now = now

    async def take(self, client: str, policy: Policy) -> Decision:
        now = self.now()
        known = self.buckets.get(client)
        if known is None and len(self.buckets) >= SWEEP_AT:
            self.sweep(now, policy)
        tokens = known.filled(now, policy) if known else float(policy.limit)
        allowed = tokens >= 1
        if allowed:
            tokens -= 1
        self.buckets[client] = Bucket(tokens, now)
        return policy.decide(allowed, tokens)

    def sweep(self, now: float, policy: Policy) -> None:
        """Forgets the full ones."""
        self.buckets = {c: b for c, b in self.buckets.items() if b.filled(now, policy) < policy.limit}

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        return None
