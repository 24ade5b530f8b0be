import pytest
from pydantic import ValidationError

from src.config import Settings


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("RATE_LIMIT", "3")
    settings = Settings()
    assert (settings.port, settings.rate_limit, settings.rate_window_seconds) == (
        9000,
        3,
        60,
    )


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("RATE_LIMIT", "0"), ("LOG_LEVEL", "LOUD")])
def test_nonsense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()
