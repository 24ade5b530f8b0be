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

  it('lists what was posted', async () => {
    const server = await serve({});
    await request(server).get('/api/zzthings').expect(200, []);
    const { body } = (await request(server).post('/api/zzthings').send({ name: 'first' }).expect(201)) as { body: unknown };
    await request(server).get('/api/zzthings').expect(200, [body]);
  });

  it.each(['', '[]', '{"name":" "}', '{'])('refuses the body %j', async (body) => {
    const server = await serve({});
    await request(server).post('/api/zzthings').type('json').send(body).expect(400);
  });

  it('answers on /health and counts requests', async () => {
    const server = await serve({});
    await request(server).get('/health').expect(200, { status: 'ok' });
    const { text } = await request(server).get('/metrics').expect('Content-Type', /^text\/plain/);
    expect(text).toContain('http_requests_total{method="GET",path="/health",status="200"} 1');
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
