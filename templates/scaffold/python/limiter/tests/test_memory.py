import asyncio

from src.models.decision import Decision, Policy
from src.repository import memory
from src.repository.memory import MemoryBuckets


class Clock:
    """A time that only moves when it is told to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def take(buckets: MemoryBuckets, client: str, policy: Policy) -> Decision:
    return asyncio.run(buckets.take(client, policy))


def test_an_empty_bucket_refuses_until_a_token_is_there_again() -> None:
    clock = Clock()
    buckets, policy = MemoryBuckets(clock), Policy(limit=2, window=10)
    assert [take(buckets, "ada", policy).remaining for _ in range(2)] == [1, 0]
    assert take(buckets, "ada", policy) == Decision(False, limit=2, remaining=0, retry_after=5, reset_after=10)
    clock.now += 5
    assert take(buckets, "ada", policy).allowed


def test_clients_have_buckets_of_their_own() -> None:
    buckets, policy = MemoryBuckets(), Policy(limit=1, window=3600)
    assert take(buckets, "ada", policy).allowed
    assert take(buckets, "grace", policy).allowed


def test_full_buckets_are_forgotten_when_there_are_many() -> None:
    clock = Clock()
    buckets, policy = MemoryBuckets(clock), Policy(limit=1, window=1)

    async def fill() -> None:
        for number in range(memory.SWEEP_AT):
            await buckets.take(str(number), policy)

    asyncio.run(fill())
    clock.now += 1
    take(buckets, "the one too many", policy)
    assert len(buckets.buckets) == 1
