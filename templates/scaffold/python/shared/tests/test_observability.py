import json
import re

import pytest
from fastapi.testclient import TestClient

from src.config import Settings
from src.main import create_app


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_json_and_carries_the_callers_request_id(capsys: pytest.CaptureFixture[str]) -> None:
    with TestClient(create_app(Settings())) as client:
        response = client.get("/health", headers={"X-Request-Id": "abc-123"})
    assert response.headers["x-request-id"] == "abc-123"
    [line] = [line for line in lines(capsys.readouterr().out) if line["msg"] == "request"]
    assert (line["request_id"], line["path"], line["status"]) == ("abc-123", "/health", 200)


def test_a_harmful_request_id_is_replaced() -> None:
    with TestClient(create_app(Settings())) as client:
        response = client.get("/health", headers={"X-Request-Id": '"},{"forged":"'})
    assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["x-request-id"])


def test_metrics_are_labelled_by_route() -> None:
    with TestClient(create_app(Settings())) as client:
        client.get("/health")
        client.get("/no/such/path")
        metrics = client.get("/metrics").text
    assert 'http_requests_total{method="GET",path="/health",status="200"} 1.0' in metrics
    assert 'http_requests_total{method="GET",path="unmatched",status="404"} 1.0' in metrics
