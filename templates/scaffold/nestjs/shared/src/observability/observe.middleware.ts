import { Injectable, NestMiddleware } from '@nestjs/common';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import { MetricsService } from './metrics.service';

/** The pattern that this middleware itself is mounted at: the route of a request that no controller answers. */
export const EVERYTHING = '/{*path}';

/** Around every request: a span, a count, a line in the log. */
@Injectable()
export class ObserveMiddleware implements NestMiddleware {
  constructor(private readonly metrics: MetricsService) {}

  use(req: Request, res: Response, next: NextFunction): void {
    const start = process.hrtime.bigint();
    const parent = propagation.extract(ROOT_CONTEXT, req.headers);
    const span = trace.getTracer('http').startSpan(req.method, { kind: SpanKind.SERVER }, parent);
    const active = trace.setSpan(parent, span);
    const path = req.originalUrl.split('?', 1)[0];

    const done = (): void => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      // Routes, not paths, are the label: a path would make a series per id.
      const matched = (req.route as { path: string } | undefined)?.path;
      const route = !matched || matched === EVERYTHING ? 'unmatched' : matched;
      span.updateName(`${req.method} ${route}`);
      span.setAttributes({
        'http.request.method': req.method,
        'http.route': route,
        'http.response.status_code': res.statusCode,
      });
      if (res.statusCode >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
      this.metrics.observe(req.method, route, res.statusCode, seconds);
      req.log.info({ method: req.method, path, status: res.statusCode, duration_ms: seconds * 1000 }, 'request');
    };
    res.once('finish', context.bind(active, done));
    context.with(active, next);
  }
}
