"""The whole service, asked over HTTP."""

import os
import uuid

import pytest
from fastapi.testclient import TestClient

from src.config import Settings
from src.main import create_app


def check_the_limit(redis_url: str) -> None:
    settings = Settings(redis_url=redis_url, rate_limit=3, rate_window_seconds=3600)
    key = {"X-Api-Key": str(uuid.uuid4())}
    with TestClient(create_app(settings)) as client:
        passed = [client.get("/api/ping", headers=key) for _ in range(3)]
        refused = client.get("/api/ping", headers=key)
        other = client.get("/api/ping", headers={"X-Api-Key": str(uuid.uuid4())})
    assert [r.status_code for r in passed] == [200, 200, 200]
    assert [r.headers["ratelimit-remaining"] for r in passed] == ["2", "1", "0"]
    assert (refused.status_code, refused.json()) == (
        429,
        {"detail": "too many requests"},
    )
    assert (refused.headers["ratelimit-limit"], refused.headers["retry-after"]) == (
        "3",
        "1200",
    )
    assert other.status_code == 200


def test_the_fourth_request_of_three_is_refused() -> None:
    check_the_limit("")


# Run it with: docker compose up -d redis && REDIS_URL=redis://localhost:6379 python -m pytest
@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="REDIS_URL is not set")
def test_the_limit_holds_on_redis() -> None:
    check_the_limit(os.environ["REDIS_URL"])
    with TestClient(create_app(Settings())) as client:
        assert client.get("/health").status_code == 200


def test_health_tells_when_redis_is_gone() -> None:
    with TestClient(create_app(Settings(redis_url="redis://127.0.0.1:1"))) as client:
        assert client.get("/health").status_code == 503


def test_decisions_are_counted() -> None:
    with TestClient(create_app(Settings(redis_url="", rate_limit=1))) as client:
        client.get("/api/ping")
        client.get("/api/ping")
        metrics = client.get("/metrics").text
    assert 'rate_limiter_decisions_total{result="allowed"} 1.0' in metrics
    assert 'http_requests_total{method="GET",path="/api/ping",status="429"} 1.0' in metrics
