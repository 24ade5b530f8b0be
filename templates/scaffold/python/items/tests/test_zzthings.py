import asyncio

from src.models.zzthing import ZzthingDraft
from src.repository.memory import MemoryZzthings
from src.services.zzthings import ZzthingService


def test_what_is_created_is_listed() -> None:
    async def story() -> None:
        service = ZzthingService(MemoryZzthings())
        created = await service.create(ZzthingDraft(name=" first "))
        assert created.name == "first"
        assert await service.all() == [created]

    asyncio.run(story())
