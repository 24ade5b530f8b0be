"""Around every request: a request id, a span, a count, a line in the log."""

import re
import time
import uuid

import structlog
from opentelemetry import propagate, trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.observability.metrics import Metrics

REQUEST_ID = "x-request-id"
# What a caller sends ends up in the logs, so only harmless ids are taken over.
HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.get_logger()
tracer = trace.get_tracer("http")


class Observe:
    """Plain ASGI: it sees errors and streamed answers as they are."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = headers.get(REQUEST_ID, "")
        if not HARMLESS.fullmatch(request_id):
            request_id = str(uuid.uuid4())
        status = 500
        start = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        method, path = scope["method"], scope["path"]
        span = tracer.start_as_current_span(
            method, context=propagate.extract(dict(headers)), kind=trace.SpanKind.SERVER
        )
        with span as current:
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                # Routes, not paths, are the label: a path would make a series per id.
                route = getattr(scope.get("route"), "path", "unmatched")
                seconds = time.perf_counter() - start
                current.update_name(f"{method} {route}")
                current.set_attributes(
                    {"http.request.method": method, "http.route": route, "http.response.status_code": status}
                )
                self.metrics.requests.labels(method, route, str(status)).inc()
                self.metrics.duration.labels(method, route).observe(seconds)
                log.info("request", method=method, path=path, status=status, duration_ms=round(seconds * 1000, 3))
