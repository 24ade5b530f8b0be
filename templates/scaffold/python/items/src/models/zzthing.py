"""The one thing that this service knows so far. What it really consists of is yours to decide."""

from pydantic import BaseModel, ConfigDict, Field


class ZzthingDraft(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1)


class Zzthing(BaseModel):
    """What the service keeps."""

    id: str
    name: str
