import { Decision, Policy, decide } from '../entities/decision';
import type { Buckets } from './buckets';

/** The number of buckets at which full ones are forgotten: a full bucket and none at all are the same. */
export const SWEEP_AT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Right for one process: another one would count for itself. */
export class MemoryBuckets implements Buckets {
  readonly buckets = new Map<string, Bucket>();

  /** `now` is in seconds. */
  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  take(client: string, policy: Policy): Promise<Decision> {
    const now = this.now();
    const known = this.buckets.get(client);
    if (!known && this.buckets.size >= SWEEP_AT) {
      this.sweep(now, policy);
    }
    let tokens = known ? filled(known, now, policy) : policy.limit;
    const allowed = tokens >= 1;
    if (allowed) {
      tokens -= 1;
    }
    this.buckets.set(client, { tokens, at: now });
    return Promise.resolve(decide(policy, allowed, tokens));
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private sweep(now: number, policy: Policy): void {
    for (const [client, bucket] of this.buckets) {
      if (filled(bucket, now, policy) >= policy.limit) {
        this.buckets.delete(client);
      }
    }
  }
}

function filled(bucket: Bucket, now: number, policy: Policy): number {
  const gained = (Math.max(0, now - bucket.at) * policy.limit) / policy.window;
  return Math.min(policy.limit, bucket.tokens + gained);
}
