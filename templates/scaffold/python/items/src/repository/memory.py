"""Kept in memory, for a start: gone when the process ends."""

from typing import Protocol

from src.models.zzthing import Zzthing


class Zzthings(Protocol):
    """What a store must be able to do; a database comes in behind it."""

    async def all(self) -> list[Zzthing]:
        """All of them, oldest first."""

    async def add(self, zzthing: Zzthing) -> None:
        """Keeps one more."""


class MemoryZzthings:
    """A list."""

    def __init__(self) -> None:
        self.kept: list[Zzthing] = []

    async def all(self) -> list[Zzthing]:
        return list(self.kept)

    async def add(self, zzthing: Zzthing) -> None:
        self.kept.append(zzthing)
