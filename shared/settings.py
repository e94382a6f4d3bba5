"""The only reader of the environment: what a function is told from outside, read once at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LICENSE_NAME: Final = "CC BY 4.0"
LICENSE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"


def data_license(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Return name and address of the licence under which everybody may use the data."""
    return environment.get("LICENSE_NAME") or LICENSE_NAME, environment.get("LICENSE_URL") or LICENSE_URL


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies and who may write from a browser; each field names its environment variable."""

    organisations_table: str
    """`ORGANISATIONS_TABLE`: organisations and memberships."""
    events_table: str
    """`EVENTS_TABLE`."""
    cooperations_table: str
    """`COOPERATIONS_TABLE`."""
    private_table: str
    """`PRIVATE_TABLE`: the non-public personal part of all records."""
    register_table: str
    """`REGISTER_TABLE`: everything that is no record: external ids, feed, keys, jobs, webhooks and the like."""
    snapshots: str
    """`SNAPSHOTS`: `s3://bucket` when deployed, a folder's path locally."""
    projection: str
    """`PROJECTION`: path of this process's copy of the read model; `:memory:` is not allowed."""
    dynamodb_endpoint: str | None
    """`DYNAMODB_ENDPOINT`: an engine to use instead of AWS; absent when deployed."""
    snapshot_function: str | None
    """`SNAPSHOT_FUNCTION`: the function to wake when a copy is too far behind; absent where `runs_on` serves."""
    jobs_function: str | None
    """`JOBS_FUNCTION`: the function that works on jobs; absent locally, where it is done within the request."""
    export_function: str | None
    """`EXPORT_FUNCTION`: the function that writes exports; absent locally, where it is done within the request."""
    license_name: str
    """`LICENSE_NAME`: under which everybody may use the data; CC BY 4.0."""
    license_url: str
    """`LICENSE_URL`: where that licence can be read."""
    key_environment: str
    """`KEY_ENVIRONMENT`: the word in every key that tells where it is for: `local`, `test`, `live`."""
    peppers: tuple[str, ...]
    """`PEPPERS`: comma-separated, locally; the first is for new keys."""
    secret: str | None
    """`SECRET`: the secret in Secrets Manager that holds the peppers, when deployed."""
    writes_per_minute: int
    """`WRITES_PER_MINUTE`: a partner's quota; 600."""
    deliveries: str | None
    """`DELIVERIES`: the queue of messages to webhooks: an address of SQS when deployed, a file's path locally."""
    webhooks_to_localhost: bool
    """`WEBHOOKS_TO_LOCALHOST`: `1` lets webhooks lead to this machine, for the local server and tests."""
    runs_on: bool
    """`RUNS_ON`: `1` where the process runs on between requests, as the local server does and no function of Lambda."""
    write_origins: frozenset[str]
    """`WRITE_ORIGINS`: comma-separated origins from which a browser may write (CORS)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; a missing table name raises `KeyError` with the variable's name."""
        license_name, license_url = data_license(environment)
        return cls(
            organisations_table=environment["ORGANISATIONS_TABLE"],
            events_table=environment["EVENTS_TABLE"],
            cooperations_table=environment["COOPERATIONS_TABLE"],
            private_table=environment["PRIVATE_TABLE"],
            register_table=environment["REGISTER_TABLE"],
            snapshots=environment["SNAPSHOTS"],
            projection=environment.get("PROJECTION", "/tmp/projection.sqlite"),  # noqa: S108 - Lambda's only writable folder
            dynamodb_endpoint=environment.get("DYNAMODB_ENDPOINT") or None,
            snapshot_function=environment.get("SNAPSHOT_FUNCTION") or None,
            jobs_function=environment.get("JOBS_FUNCTION") or None,
            export_function=environment.get("EXPORT_FUNCTION") or None,
            license_name=license_name,
            license_url=license_url,
            key_environment=environment.get("KEY_ENVIRONMENT", "local"),
            peppers=tuple(filter(None, environment.get("PEPPERS", "").split(","))),
            secret=environment.get("SECRET") or None,
            writes_per_minute=int(environment.get("WRITES_PER_MINUTE", "600")),
            deliveries=environment.get("DELIVERIES") or None,
            webhooks_to_localhost=environment.get("WEBHOOKS_TO_LOCALHOST") == "1",
            runs_on=environment.get("RUNS_ON") == "1",
            write_origins=frozenset(filter(None, environment.get("WRITE_ORIGINS", "").split(","))),
        )
