"""The whole service, asked over HTTP."""

import pytest
from fastapi.testclient import TestClient

from src.config import Settings
from src.main import create_app


def test_what_is_posted_is_listed() -> None:
    with TestClient(create_app(Settings())) as client:
        assert client.get("/api/zzthings").json() == []
        created = client.post("/api/zzthings", json={"name": "first"})
        assert created.status_code == 201
        assert client.get("/api/zzthings").json() == [created.json()]


@pytest.mark.parametrize("body", ["", "[]", '{"name":" "}'])
def test_a_bad_body_is_refused(body: str) -> None:
    with TestClient(create_app(Settings())) as client:
        assert client.post("/api/zzthings", content=body).status_code == 422


def test_health_answers() -> None:
    with TestClient(create_app(Settings())) as client:
        assert client.get("/health").json() == {"status": "ok"}
