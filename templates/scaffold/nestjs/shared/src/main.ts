import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { readConfig } from './config';
import { AppModule } from './modules/app.module';
import { startTracing } from './observability/tracing';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  startTracing(process.env, 'zz-project');
  const app = await NestFactory.create(AppModule.with(config), { bufferLogs: true });
  app.useLogger(app.get(Logger));
  // SIGTERM and SIGINT: no new connections, requests under way finish, then every onApplicationShutdown runs.
  app.enableShutdownHooks();
  await app.listen(config.port);
  app.get(Logger).log(`listening on port ${config.port}`);
}

main().catch((error: unknown) => {
  console.error(JSON.stringify({ level: 'fatal', msg: 'stopped by an error', error: String(error) }));
  process.exitCode = 1;
});
