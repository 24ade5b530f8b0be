import asyncio

from prometheus_client import CollectorRegistry

from src.models.decision import Decision, Policy
from src.repository.memory import MemoryBuckets
from src.services.limiter import Limiter

ONE = Policy(limit=1, window=3600)


class Broken(MemoryBuckets):
    async def take(self, client: str, policy: Policy) -> Decision:
        raise ConnectionError("connection refused")


def test_the_limiter_refuses_what_is_over_the_limit() -> None:
    limiter = Limiter(MemoryBuckets(), ONE, CollectorRegistry())
    assert asyncio.run(limiter.allow("ada")).allowed
    assert not asyncio.run(limiter.allow("ada")).allowed


def test_the_limiter_fails_open() -> None:
    registry = CollectorRegistry()
    assert asyncio.run(Limiter(Broken(), ONE, registry).allow("ada")).allowed
    assert registry.get_sample_value("rate_limiter_decisions_total", {"result": "failed_open"}) == 1
