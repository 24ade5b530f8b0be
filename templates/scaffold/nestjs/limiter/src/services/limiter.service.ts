import { Inject, Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { CONFIG, type Config } from '../config';
import { Decision, Policy, decide } from '../entities/decision';
import { MetricsService } from '../observability/metrics.service';
import { BUCKETS, type Buckets } from '../repositories/buckets';

/** Decides which requests may pass. */
@Injectable()
export class LimiterService {
  private readonly logger = new Logger(LimiterService.name);
  private readonly policy: Policy;
  private readonly decisions: Counter<'result'>;

  constructor(
    @Inject(BUCKETS) private readonly buckets: Buckets,
    @Inject(CONFIG) config: Config,
    metrics: MetricsService,
  ) {
    this.policy = { limit: config.rateLimit, window: config.rateWindowSeconds };
    this.decisions = new Counter({
      name: 'rate_limiter_decisions_total',
      help: 'Decisions of the limiter: allowed, refused, or failed_open when the store did not answer.',
      labelNames: ['result'],
      registers: [metrics.registry],
    });
  }

  /**
   * Takes a token for the client. Where the store does not answer, the request passes: a limiter that is down must not take
   * the API down with it. Whether that is right for yours is worth a decision record.
   */
  async allow(client: string): Promise<Decision> {
    try {
      const decision = await this.buckets.take(client, this.policy);
      this.decisions.inc({ result: decision.allowed ? 'allowed' : 'refused' });
      return decision;
    } catch (error) {
      this.logger.error(error, 'the limiter fails open');
      this.decisions.inc({ result: 'failed_open' });
      return decide(this.policy, true, this.policy.limit);
    }
  }
}
