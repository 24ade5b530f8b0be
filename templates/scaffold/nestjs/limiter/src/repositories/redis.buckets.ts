import { Logger } from '@nestjs/common';
import Redis from 'ioredis';
import { Decision, Policy, decide } from '../entities/decision';
import type { Buckets } from './buckets';

// The whole decision is one script: Redis runs it as one step, so that no two processes take the same token. The time is
// Redis' own: the clocks of the processes need not agree.
const TAKE_TOKEN = `
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
`;

/** Shares the buckets between processes. Connects when it is first used. */
export class RedisBuckets implements Buckets {
  private readonly logger = new Logger(RedisBuckets.name);
  private readonly redis: Redis;

  constructor(url: string) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      maxRetriesPerRequest: 1,
      connectTimeout: 2000,
      disconnectTimeout: 200,
    });
    this.redis.on('error', (error: Error) => this.logger.warn(`redis: ${error.message}`));
  }

  async take(client: string, policy: Policy): Promise<Decision> {
    const answer = await this.redis.eval(TAKE_TOKEN, 1, `bucket:${client}`, policy.limit, policy.window);
    const [allowed, tokens] = answer as [number, string];
    return decide(policy, allowed === 1, Number(tokens));
  }

  async ping(): Promise<void> {
    await this.redis.ping();
  }

  async close(): Promise<void> {
    if (this.redis.status === 'ready') {
      await this.redis.quit();
    } else {
      this.redis.disconnect();
    }
  }
}
