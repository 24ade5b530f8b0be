"""GET /api/ping: the endpoint that stands for the API behind the limiter."""

import math

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from src.services.limiter import Limiter


def client_of(request: Request) -> str:
    """The API key where there is one, else the address."""
    if key := request.headers.get("x-api-key"):
        return f"key:{key}"
    return f"ip:{request.client.host if request.client else 'unknown'}"


def router(limiter: Limiter) -> APIRouter:
    """Everything in here is behind the limiter."""

    async def limit(request: Request, response: Response) -> None:
        decision = await limiter.allow(client_of(request))
        headers = {
            "RateLimit-Limit": str(decision.limit),
            "RateLimit-Remaining": str(decision.remaining),
            "RateLimit-Reset": str(math.ceil(decision.reset_after)),
        }
        if not decision.allowed:
            # Rounded up: who comes back after it comes back late enough.
            headers["Retry-After"] = str(math.ceil(decision.retry_after))
            raise HTTPException(status_code=429, detail="too many requests", headers=headers)
        response.headers.update(headers)

    routes = APIRouter(prefix="/api", dependencies=[Depends(limit)])

    @routes.get("/ping")
    async def ping() -> dict[str, str]:
        return {"message": "pong"}

    return routes
