import { DynamicModule, Inject, Module, OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { HEALTHY, HealthController } from '../controllers/health.controller';
import { PingController } from '../controllers/ping.controller';
import { BUCKETS, type Buckets } from '../repositories/buckets';
import { MemoryBuckets } from '../repositories/memory.buckets';
import { RedisBuckets } from '../repositories/redis.buckets';
import { LimiterService } from '../services/limiter.service';
import { ObservabilityModule } from './observability.module';

/** Puts the parts together. */
@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(BUCKETS) private readonly buckets: Buckets) {}

  static with(config: Config, logStream?: NodeJS.WritableStream): DynamicModule {
    const buckets: Buckets = config.redisUrl ? new RedisBuckets(config.redisUrl) : new MemoryBuckets();
    return {
      module: AppModule,
      imports: [ObservabilityModule.with(config.logLevel, logStream)],
      controllers: [HealthController, PingController],
      providers: [
        LimiterService,
        { provide: CONFIG, useValue: config },
        { provide: BUCKETS, useValue: buckets },
        { provide: HEALTHY, useValue: () => buckets.ping() },
      ],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.buckets.close();
  }
}
