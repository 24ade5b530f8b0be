"""Decides which requests may pass."""

import structlog
from prometheus_client import CollectorRegistry, Counter

from src.models.decision import Decision, Policy
from src.repository.buckets import Buckets

log = structlog.get_logger()


class Limiter:
    """Counts its decisions in the registry."""

    def __init__(self, buckets: Buckets, policy: Policy, registry: CollectorRegistry) -> None:
        self.buckets = buckets
        self.policy = policy
        self.decisions = Counter(
            "rate_limiter_decisions_total",
            "Decisions of the limiter: allowed, refused, or failed_open when the store did not answer.",
            ["result"],
            registry=registry,
        )

    async def allow(self, client: str) -> Decision:
        """Takes a token for the client.

        Where the store does not answer, the request passes: a limiter that is down must not take the API down with it.
        Whether that is right for yours is worth a decision record.
        """
        try:
            decision = await self.buckets.take(client, self.policy)
        except Exception as error:
            log.error("the limiter fails open", error=str(error))
            self.decisions.labels("failed_open").inc()
            return self.policy.decide(True, self.policy.limit)
        self.decisions.labels("allowed" if decision.allowed else "refused").inc()
        return decision
