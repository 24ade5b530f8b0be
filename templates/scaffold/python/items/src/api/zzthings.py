"""GET and POST /api/zzthings."""

from fastapi import APIRouter

from src.models.zzthing import Zzthing, ZzthingDraft
from src.services.zzthings import ZzthingService


def router(service: ZzthingService) -> APIRouter:
    """The feature's routes."""
    routes = APIRouter(prefix="/api")

    @routes.get("/zzthings")
    async def list_zzthings() -> list[Zzthing]:
        return await service.all()

    @routes.post("/zzthings", status_code=201)
    async def create_zzthing(new: ZzthingDraft) -> Zzthing:
        return await service.create(new)

    return routes
