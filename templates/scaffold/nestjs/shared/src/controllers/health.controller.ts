import { Controller, Get, Header, Inject, Logger, ServiceUnavailableException } from '@nestjs/common';
import { MetricsService } from '../observability/metrics.service';

/** Resolves where the service can work, and rejects with what is wrong. */
export type Healthy = () => Promise<void>;
export const HEALTHY = Symbol('HEALTHY');

/** What the platform asks. */
@Controller()
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(
    @Inject(HEALTHY) private readonly healthy: Healthy,
    private readonly metrics: MetricsService,
  ) {}

  @Get('health')
  async health(): Promise<{ status: string }> {
    try {
      await this.healthy();
    } catch (error) {
      this.logger.error(error, 'unhealthy');
      throw new ServiceUnavailableException({ status: 'unavailable' });
    }
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
