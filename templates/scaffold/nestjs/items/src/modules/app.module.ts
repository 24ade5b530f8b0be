import { DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config';
import { HEALTHY, HealthController } from '../controllers/health.controller';
import { ZzthingsController } from '../controllers/zzthings.controller';
import { ZzthingsRepository } from '../repositories/zzthings.repository';
import { ZzthingsService } from '../services/zzthings.service';
import { ObservabilityModule } from './observability.module';

/** Puts the parts together. */
@Module({})
export class AppModule {
  static with(config: Config, logStream?: NodeJS.WritableStream): DynamicModule {
    return {
      module: AppModule,
      imports: [ObservabilityModule.with(config.logLevel, logStream)],
      controllers: [HealthController, ZzthingsController],
      providers: [
        ZzthingsService,
        ZzthingsRepository,
        // A database is asked here whether it answers.
        { provide: HEALTHY, useValue: () => Promise.resolve() },
      ],
    };
  }
}
