"""What the environment says."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that may differ between two installations; a value that makes no sense stops the service at once."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    port: int = Field(default=8000, ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    # Empty: buckets in this process's memory.
    redis_url: str = ""
    # How many requests a client may make at once, and again in every window.
    rate_limit: int = Field(default=10, ge=1)
    rate_window_seconds: int = Field(default=60, ge=1)
    otel_exporter_otlp_endpoint: str = ""
    otel_service_name: str = "zz-project"
