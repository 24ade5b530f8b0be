import { Logger } from '@nestjs/common';
import { readConfig } from '../config';
import { MetricsService } from '../observability/metrics.service';
import { MemoryBuckets } from '../repositories/memory.buckets';
import { LimiterService } from './limiter.service';

const one = readConfig({ RATE_LIMIT: '1', RATE_WINDOW_SECONDS: '3600' });

describe('LimiterService', () => {
  it('refuses what is over the limit', async () => {
    const limiter = new LimiterService(new MemoryBuckets(), one, new MetricsService());
    expect((await limiter.allow('ada')).allowed).toBe(true);
    expect((await limiter.allow('ada')).allowed).toBe(false);
  });

  it('fails open', async () => {
    Logger.overrideLogger(false);
    const broken = new MemoryBuckets();
    broken.take = () => Promise.reject(new Error('connection refused'));
    const metrics = new MetricsService();
    expect((await new LimiterService(broken, one, metrics).allow('ada')).allowed).toBe(true);
    expect(await metrics.registry.metrics()).toContain('rate_limiter_decisions_total{result="failed_open"} 1');
  });
});
