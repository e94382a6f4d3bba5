"""One answer per request: what came of it, and the same again for the same Idempotency-Key."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from functions.webhooks.showing import own
from shared.caller import Caller
from shared.errors import Conflict, NotFound, PreconditionFailed
from shared.models.webhooks import Queued
from shared.once import Once
from shared.tables.idempotency import Answered, Memory
from shared.tables.tables import Tables
from shared.tables.webhooks import Secrets, Webhook, Webhooks

DECIDED: Final = (NotFound, Conflict, PreconditionFailed)
"""Refusals that are answers: the same request would be refused again."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a request: a webhook, its secrets where they are new, or what was queued."""

    webhook: Webhook | None = None
    secrets: Secrets | None = None
    queued: Queued | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one caller's requests that carry an Idempotency-Key.

    No answer is stored, only what it was about; so a secret can be shown again as long as it is live.
    """

    tables: Tables
    caller: Caller
    once: Once | None

    def of(self, work: Callable[[], Done], *, shows_secret: bool = False) -> Done:
        """Do the work, unless it was done: then its answer again. Raises what the work raises."""
        if self.once is None:
            return work()
        memory = Memory(self.tables)
        answered = memory.recall(self.once)
        if answered is not None:
            return replace(self._again(answered, shows_secret=shows_secret), replayed=True)
        try:
            done = work()
        except DECIDED as problem:
            memory.remember(self.once, Answered("refused", "", 0, problem))
            raise
        if done.queued is not None:
            memory.remember(self.once, Answered("unchanged", done.queued.model_dump_json(exclude_none=True), 0))
        return done

    def _again(self, answered: Answered, *, shows_secret: bool) -> Done:
        if answered.problem is not None:
            answered.problem.headers["Idempotent-Replayed"] = "true"
            raise answered.problem
        if answered.change == "deleted":
            return Done()
        if answered.change == "unchanged":
            return Done(queued=Queued.model_validate_json(answered.record_id))
        webhooks = Webhooks(self.tables)
        webhook = own(webhooks, self.caller, answered.record_id)
        if not shows_secret:
            return Done(webhook)
        return Done(webhook, _of_generation(webhooks.secrets(webhook.id), answered.version))


def _of_generation(held: Secrets, generation: int) -> Secrets:
    """The secrets as that rotation left them, as far as they are still known; raises `Conflict`."""
    if held.generation == generation:
        return held
    if held.generation == generation + 1 and held.previous is not None:
        return Secrets(generation, held.previous)
    raise Conflict("That secret has been replaced since.")
