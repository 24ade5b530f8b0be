import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { trace } from '@opentelemetry/api';
import type { Params } from 'nestjs-pino';
import pino, { type DestinationStream } from 'pino';

/** Carries the request id in both directions. */
export const REQUEST_ID = 'x-request-id';

/** What a caller sends ends up in the logs, so only harmless ids are taken over. */
const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/;

export function requestId(req: IncomingMessage, res: ServerResponse): string {
  const sent = req.headers[REQUEST_ID];
  const id = typeof sent === 'string' && HARMLESS.test(sent) ? sent : randomUUID();
  res.setHeader(REQUEST_ID, id);
  return id;
}

/** One JSON object per line; every line written during a request carries its request_id, and its trace_id if it is traced.
 *  Lines are written at once: what is only buffered is lost when the process ends on a signal. */
export function logging(level: string, stream: DestinationStream = pino.destination({ sync: true })): Params {
  const options = {
    level,
    genReqId: requestId,
    quietReqLogger: true,
    autoLogging: false,
    customAttributeKeys: { reqId: 'request_id' },
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId } : {};
    },
  };
  return { pinoHttp: [options, stream] };
}
