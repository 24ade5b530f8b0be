"""Puts the parts together, and serves them: `python -m src.main`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from src.api import zzthings
from src.config import Settings
from src.observability import health
from src.observability.logging import configure_logging
from src.observability.metrics import Metrics
from src.observability.middleware import Observe
from src.observability.tracing import start_tracing
from src.repository.memory import MemoryZzthings
from src.services.zzthings import ZzthingService

log = structlog.get_logger()


async def healthy() -> None:
    """A database is asked here whether it answers."""


def create_app(settings: Settings) -> FastAPI:
    """The whole service."""
    configure_logging(settings.log_level)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        flush_traces = start_tracing(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)
        log.info("starting", port=settings.port)
        yield
        log.info("stopping")
        flush_traces()

    app = FastAPI(title="zz-title", lifespan=lifespan)
    app.add_middleware(Observe, metrics=metrics)
    app.include_router(health.router(metrics, healthy))
    app.include_router(zzthings.router(ZzthingService(MemoryZzthings())))
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
