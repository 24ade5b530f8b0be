import { MemoryBuckets, SWEEP_AT } from './memory.buckets';

describe('MemoryBuckets', () => {
  it('refuses when empty, until a token is there again', async () => {
    let now = 1000;
    const buckets = new MemoryBuckets(() => now);
    const policy = { limit: 2, window: 10 };
    expect((await buckets.take('ada', policy)).remaining).toBe(1);
    expect((await buckets.take('ada', policy)).remaining).toBe(0);
    expect(await buckets.take('ada', policy)).toEqual({
      allowed: false,
      limit: 2,
      remaining: 0,
      retryAfter: 5,
      resetAfter: 10,
    });
    now += 5;
    expect((await buckets.take('ada', policy)).allowed).toBe(true);
  });

  it('gives every client a bucket of its own', async () => {
    const buckets = new MemoryBuckets();
    const policy = { limit: 1, window: 3600 };
    expect((await buckets.take('ada', policy)).allowed).toBe(true);
    expect((await buckets.take('grace', policy)).allowed).toBe(true);
  });

  it('forgets full buckets when there are many', async () => {
    let now = 1000;
    const buckets = new MemoryBuckets(() => now);
    const policy = { limit: 1, window: 1 };
    for (let i = 0; i < SWEEP_AT; i++) {
      await buckets.take(String(i), policy);
    }
    now += 1;
    await buckets.take('the one too many', policy);
    expect(buckets.buckets.size).toBe(1);
  });
});
