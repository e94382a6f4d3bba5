"""Secrets of a deployment, from Secrets Manager; local ones come with the environment."""

import json
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.errors import Unavailable
from shared.settings import Settings

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

KEPT: Final = 300.0
"""Seconds after which a process asks again, so that a rotation needs no deployment."""


@dataclass(slots=True)
class Peppers:
    """The peppers under which keys are hashed: the first for new ones, all of them for those that exist."""

    settings: Settings
    _known: tuple[str, ...] = ()
    _read_at: float = field(default=-math.inf)

    def __call__(self) -> tuple[str, ...]:
        """Give them, read anew every five minutes; raises `Unavailable` while they have never been within reach."""
        if self.settings.secret is None:
            return self.settings.peppers
        if time.monotonic() - self._read_at > KEPT:
            try:
                self._known, self._read_at = self._fetched(self.settings.secret), time.monotonic()
            except (BotoCoreError, ClientError):
                # The peppers that were read before are still the best ones known.
                if not self._known:
                    raise Unavailable from None
        return self._known

    @staticmethod
    def _fetched(secret: str) -> tuple[str, ...]:
        config = Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=2, connect_timeout=1)
        session = botocore.session.get_session()
        client = cast("SecretsManagerClient", session.create_client("secretsmanager", config=config))
        held = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])
        return tuple(held[name] for name in ("pepper", "previous") if name in held)
