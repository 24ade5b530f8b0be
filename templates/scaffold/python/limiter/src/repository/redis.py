"""Buckets that many processes share."""

from typing import cast

from redis.asyncio import Redis

from src.models.decision import Decision, Policy

# The whole decision is one script: Redis runs it as one step, so that no two processes take the same token. The time is
# Redis' own: the clocks of the processes need not agree.
TAKE_TOKEN = """
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or limit, tonumber(bucket[2]) or now
tokens = math.min(limit, tokens + math.max(0, now - at) * limit / window)
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return { allowed, string.format('%.6f', tokens) }
"""


class RedisBuckets:
    """Connects when it is first used."""

    def __init__(self, url: str) -> None:
        self.redis: Redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        self.script = self.redis.register_script(TAKE_TOKEN)

    async def take(self, client: str, policy: Policy) -> Decision:
        answer = await self.script(keys=[f"bucket:{client}"], args=[policy.limit, policy.window])
        allowed, tokens = cast("tuple[int, bytes]", answer)
        return policy.decide(allowed == 1, float(tokens))

    async def ping(self) -> None:
        await self.redis.ping()

    async def close(self) -> None:
        await self.redis.aclose()
