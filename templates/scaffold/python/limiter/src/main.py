"""Puts the parts together, and serves them: `python -m src.main`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from src.api import ping
from src.config import Settings
from src.models.decision import Policy
from src.observability import health
from src.observability.logging import configure_logging
from src.observability.metrics import Metrics
from src.observability.middleware import Observe
from src.observability.tracing import start_tracing
from src.repository.buckets import Buckets
from src.repository.memory import MemoryBuckets
from src.repository.redis import RedisBuckets
from src.services.limiter import Limiter

log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The whole service."""
    configure_logging(settings.log_level)
    metrics = Metrics()
    buckets: Buckets = RedisBuckets(settings.redis_url) if settings.redis_url else MemoryBuckets()
    policy = Policy(limit=settings.rate_limit, window=settings.rate_window_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        flush_traces = start_tracing(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)
        log.info("starting", port=settings.port)
        yield
        log.info("stopping")
        await buckets.close()
        flush_traces()

    app = FastAPI(title="zz-title", lifespan=lifespan)
    app.add_middleware(Observe, metrics=metrics)
    app.include_router(health.router(metrics, buckets.ping))
    app.include_router(ping.router(Limiter(buckets, policy, metrics.registry)))
    return app


def main() -> None:
    """Serves until SIGTERM or SIGINT, and lets requests that are under way finish."""
    settings = Settings()
    uvicorn.run(
        create_app(settings),
        host="0.0.0.0",
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
