import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

let provider: NodeTracerProvider | undefined;

/**
 * Sends spans to OTEL_EXPORTER_OTLP_ENDPOINT (the exporter reads it, and its companions, by itself). Where that is not set,
 * spans cost nothing and go nowhere.
 */
export function startTracing(env: NodeJS.ProcessEnv, service: string): void {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) {
    return;
  }
  provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': env.OTEL_SERVICE_NAME || service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
}

/** Sends what is still waiting. */
export async function flushTraces(): Promise<void> {
  await provider?.shutdown();
}
