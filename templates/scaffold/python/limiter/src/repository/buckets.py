"""What a store of buckets must be able to do."""

from typing import Protocol

from src.models.decision import Decision, Policy


class Buckets(Protocol):
    """Taking is atomic: two requests never get the same token."""

    async def take(self, client: str, policy: Policy) -> Decision:
        """Takes a token for the client if there is one."""

    async def ping(self) -> None:
        """Raises where the store does not answer."""

    async def close(self) -> None:
        """Lets go of connections."""
