import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Logger } from 'nestjs-pino';
import request from 'supertest';
import type { App } from 'supertest/types';
import { readConfig } from '../src/config';
import { AppModule } from '../src/modules/app.module';

describe('the service', () => {
  let app: INestApplication<App> | undefined;
  let log: PassThrough;

  async function serve(env: NodeJS.ProcessEnv): Promise<App> {
    log = new PassThrough();
    const module = await Test.createTestingModule({ imports: [AppModule.with(readConfig(env), log)] }).compile();
    app = module.createNestApplication({ bufferLogs: true });
    app.useLogger(app.get(Logger));
    await app.init();
    return app.getHttpServer();
  }

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function checkTheLimit(redisUrl: string): Promise<void> {
    const server = await serve({ REDIS_URL: redisUrl, RATE_LIMIT: '3', RATE_WINDOW_SECONDS: '3600' });
    const key = randomUUID();
    for (const left of ['2', '1', '0']) {
      await request(server).get('/api/ping').set('X-Api-Key', key).expect(200).expect('RateLimit-Remaining', left);
    }
    await request(server)
      .get('/api/ping')
      .set('X-Api-Key', key)
      .expect(429, { error: 'too many requests' })
      .expect('RateLimit-Limit', '3')
      .expect('Retry-After', '1200');
    await request(server).get('/api/ping').set('X-Api-Key', randomUUID()).expect(200);
  }

  it('refuses the fourth request of three', async () => {
    await checkTheLimit('');
  });

  // Run it with: docker compose up -d redis && REDIS_URL=redis://localhost:6379 npm test
  const onRedis = process.env.REDIS_URL ? it : it.skip;
  onRedis('holds the limit on Redis', async () => {
    await checkTheLimit(process.env.REDIS_URL ?? '');
    await request(app!.getHttpServer()).get('/health').expect(200, { status: 'ok' });
  });

  it('tells on /health when Redis is gone', async () => {
    const server = await serve({ REDIS_URL: 'redis://127.0.0.1:1' });
    await request(server).get('/health').expect(503, { status: 'unavailable' });
  });

  it('counts requests and decisions', async () => {
    const server = await serve({ RATE_LIMIT: '1' });
    await request(server).get('/api/ping').expect(200);
    await request(server).get('/api/ping').expect(429);
    await request(server).get('/no/such/path').expect(404);
    const { text } = await request(server).get('/metrics').expect('Content-Type', /^text\/plain/);
    expect(text).toContain('rate_limiter_decisions_total{result="allowed"} 1');
    expect(text).toContain('http_requests_total{method="GET",path="/api/ping",status="429"} 1');
    expect(text).toContain('http_requests_total{method="GET",path="unmatched",status="404"} 1');
  });

  it('logs one JSON line a request, with the request id of the caller', async () => {
    const server = await serve({});
    await request(server).get('/health').set('X-Request-Id', 'abc-123').expect('X-Request-Id', 'abc-123');
    const lines = String(log.read()).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = lines.find(({ msg }) => msg === 'request');
    expect(line).toMatchObject({ request_id: 'abc-123', method: 'GET', path: '/health', status: 200 });
  });

  it('replaces a harmful request id', async () => {
    const server = await serve({});
    const sent = '"},{"forged":"';
    await request(server).get('/health').set('X-Request-Id', sent).expect('X-Request-Id', /^[0-9a-f-]{36}$/);
  });
});
