"""What the platform asks: GET /health and GET /metrics."""

from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from src.observability.metrics import Metrics

log = structlog.get_logger()


def router(metrics: Metrics, healthy: Callable[[], Awaitable[None]]) -> APIRouter:
    """Routes that every service has; `healthy` raises what is wrong."""
    routes = APIRouter()

    @routes.get("/health")
    async def health() -> JSONResponse:
        try:
            await healthy()
        except Exception as error:
            log.error("unhealthy", error=str(error))
            return JSONResponse({"status": "unavailable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    @routes.get("/metrics", include_in_schema=False)
    async def scrape() -> Response:
        return Response(generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes
