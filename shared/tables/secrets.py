"""Secrets of a deployment, from Secrets Manager; local ones come with the environment."""

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.errors import Unavailable
from shared.settings import Settings
from shared.tables.client import has_passed

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

KEPT: Final = 300.0
"""Seconds after which a process asks again, so that a rotation needs no deployment."""
ASKED_AGAIN: Final = 30.0
"""Seconds after which it asks again when nobody answered, or for a key that fits none of them: not at each request."""


def _fetched(secret: str) -> Mapping[str, str]:
    config = Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=2, connect_timeout=1)
    session = botocore.session.get_session()
    client = cast("SecretsManagerClient", session.create_client("secretsmanager", config=config))
    held: Mapping[str, str] = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])
    return held


@dataclass(slots=True)
class Peppers:
    """The peppers under which keys are hashed: the first for new ones, all of them for those that exist."""

    settings: Settings
    fetch: Callable[[str], Mapping[str, str]] = _fetched
    now: Callable[[], float] = time.time
    """Seconds since 1970."""
    _known: tuple[str, ...] = ()
    _asked_at: float = field(default=-math.inf)
    _answered: bool = True

    def __call__(self, kept: float) -> tuple[str, ...]:
        """Give them, read anew after so many seconds; raises `Unavailable` while they have never been within reach."""
        if self.settings.secret is None:
            return self.settings.peppers
        if has_passed(kept if self._answered else ASKED_AGAIN, self._asked_at, self.now()):
            try:
                held = self.fetch(self.settings.secret)
            except (BotoCoreError, ClientError):
                # The peppers that were read before are still the best ones known.
                if not self._known:
                    raise Unavailable from None
                self._answered = False
            else:
                self._known = tuple(held[name] for name in ("pepper", "previous") if name in held)
                self._answered = True
            self._asked_at = self.now()
        return self._known
