"""Lists them and makes new ones."""

import uuid

from src.models.zzthing import Zzthing, ZzthingDraft
from src.repository.memory import Zzthings


class ZzthingService:
    """Keeps them in the store."""

    def __init__(self, store: Zzthings) -> None:
        self.store = store

    async def all(self) -> list[Zzthing]:
        """All of them, oldest first."""
        return await self.store.all()

    async def create(self, new: ZzthingDraft) -> Zzthing:
        """Gives it an id and keeps it."""
        zzthing = Zzthing(id=str(uuid.uuid4()), name=new.name)
        await self.store.add(zzthing)
        return zzthing
