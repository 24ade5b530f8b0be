import {
  BeforeApplicationShutdown,
  DynamicModule,
  Global,
  Logger,
  MiddlewareConsumer,
  Module,
  NestModule,
  OnApplicationShutdown,
} from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { logging } from '../observability/logging';
import { MetricsService } from '../observability/metrics.service';
import { EVERYTHING, ObserveMiddleware } from '../observability/observe.middleware';
import { flushTraces } from '../observability/tracing';

@Global()
@Module({})
export class ObservabilityModule implements NestModule, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('Lifecycle');

  static with(level: string, stream?: NodeJS.WritableStream): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [LoggerModule.forRoot(logging(level, stream))],
      providers: [MetricsService],
      exports: [MetricsService],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ObserveMiddleware).forRoutes(EVERYTHING);
  }

  beforeApplicationShutdown(): void {
    this.logger.log('stopping');
  }

  onApplicationShutdown(): Promise<void> {
    return flushTraces();
  }
}
