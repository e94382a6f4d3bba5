import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.engine import ROOT, EngineFailed, RunningEngine, start_engine
from infra.local.tables import create_tables
from infra.template import Template
from shared.tables.client import TRANSPORT_ERRORS, connect

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

SMALL = Template.read(Path(__file__).parent / "project" / "template.yaml")
TABLE = "NotesTable"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def start(folder: Path) -> "tuple[RunningEngine, DynamoDBClient]":
    engine = start_engine(folder, os.environ)
    return engine, connect(engine.endpoint)


def put(client: "DynamoDBClient", name: str, text: str = "ü") -> None:
    client.put_item(TableName=TABLE, Item={"pk": {"S": name}, "sk": {"S": "NOTE"}, "text": {"S": text}})


def names(client: "DynamoDBClient") -> set[str]:
    return {item["pk"]["S"] for item in client.scan(TableName=TABLE)["Items"]}


def kill(engine: RunningEngine) -> None:
    os.kill(engine.process_id, signal.SIGKILL)
    os.waitpid(engine.process_id, 0)
    os.close(engine.lifeline)


def test_a_graceful_stop_keeps_tables_items_and_expiry(tmp_path: Path) -> None:
    engine, client = start(tmp_path)
    created = create_tables(client, SMALL.tables)
    put(client, "kept")
    put(client, "removed")
    client.delete_item(TableName=TABLE, Key={"pk": {"S": "removed"}, "sk": {"S": "NOTE"}})
    engine.stop()

    engine, client = start(tmp_path)
    again = create_tables(client, SMALL.tables)
    found = names(client)
    expiry = client.describe_time_to_live(TableName="RegisterTable")["TimeToLiveDescription"]
    engine.stop()

    assert created == [TABLE, "RegisterTable"]
    assert again == []
    assert found == {"kept"}
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert not engine.unclean


def test_a_killed_engine_has_kept_what_it_acknowledged_and_says_that_it_was_cut_off(tmp_path: Path) -> None:
    engine, client = start(tmp_path)
    create_tables(client, SMALL.tables)
    acknowledged: set[str] = set()
    writing = threading.Thread(target=_write_until_refused, args=(client, acknowledged))
    writing.start()
    time.sleep(0.5)

    kill(engine)

    writing.join()
    engine, client = start(tmp_path)
    found = names(client)
    engine.stop()
    assert engine.unclean
    assert len(acknowledged) > 20
    assert acknowledged <= found


def _write_until_refused(client: "DynamoDBClient", acknowledged: set[str]) -> None:
    for number in range(100_000):
        try:
            put(client, f"note-{number}")
        except (BotoCoreError, ClientError):  # however the connection ends, the engine is gone
            return
        acknowledged.add(f"note-{number}")


def test_an_unclean_start_is_reported_until_somebody_has_acted_on_it(tmp_path: Path) -> None:
    engine, _ = start(tmp_path)
    kill(engine)
    reports = []

    for settle in (False, True, False):
        engine, _ = start(tmp_path)
        reports.append(engine.unclean)
        if settle:
            engine.unclean_start_settled()
        engine.stop()

    assert reports == [True, True, False]


def test_the_engine_ends_in_good_order_when_its_starter_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys, time; from infra.local.engine import start_engine;"
        "engine = start_engine(pathlib.Path(sys.argv[1]), os.environ);"
        "print(engine.endpoint, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        client = connect(starter.stdout.readline().strip())
        create_tables(client, SMALL.tables)
        put(client, "kept")

        starter.kill()

    engine, client = start(tmp_path)
    found = names(client)
    engine.stop()
    assert found == {"kept"}
    assert not engine.unclean


def test_an_engine_whose_disk_is_full_acknowledges_nothing_more(tmp_path: Path) -> None:
    engine, client = start(tmp_path)
    create_tables(client, SMALL.tables)
    put(client, "kept")
    # Neither its journal nor its log may grow by a byte.
    resource.prlimit(engine.process_id, resource.RLIMIT_FSIZE, (0, 0))

    with pytest.raises(TRANSPORT_ERRORS):
        put(client, "lost")
    with pytest.raises(TRANSPORT_ERRORS):
        names(client)

    kill(engine)
    engine, client = start(tmp_path)
    found = names(client)
    engine.stop()
    assert engine.unclean
    assert found == {"kept"}


def test_racing_writers_lose_nothing(dynamodb_engine: str) -> None:
    client = connect(dynamodb_engine)
    create_tables(client, SMALL.tables)
    key = {"pk": {"S": "counter"}, "sk": {"S": "NOTE"}}
    client.put_item(TableName=TABLE, Item={**key, "version": {"N": "0"}})
    barrier = threading.Barrier(16)
    successes: list[int] = []

    def count_up() -> None:
        barrier.wait()
        for _ in range(40):
            version = int(client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]["version"]["N"])
            try:
                client.put_item(
                    TableName=TABLE,
                    Item={**key, "version": {"N": str(version + 1)}},
                    ConditionExpression="version = :read",
                    ExpressionAttributeValues={":read": {"N": str(version)}},
                )
            except client.exceptions.ConditionalCheckFailedException:
                continue
            successes.append(version + 1)

    threads = [threading.Thread(target=count_up) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    last = client.get_item(TableName=TABLE, Key=key, ConsistentRead=True)["Item"]["version"]["N"]
    assert sorted(successes) == list(range(1, int(last) + 1))


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    engine, client = start(tmp_path)
    create_tables(client, SMALL.tables)
    put(client, "there")

    client.transact_write_items(TransactItems=[_addition("one"), _addition("two")])
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[_addition("three"), _addition("there")])

    kill(engine)
    engine, client = start(tmp_path)
    found = names(client)
    engine.stop()
    assert found == {"there", "one", "two"}


def _addition(name: str) -> "TransactWriteItemTypeDef":
    item = {"pk": {"S": name}, "sk": {"S": "NOTE"}}
    return {"Put": {"TableName": TABLE, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def test_only_what_the_journal_can_follow_is_served(dynamodb_engine: str) -> None:
    client = connect(dynamodb_engine)

    with pytest.raises(ClientError) as refused:
        client.execute_statement(Statement="SELECT * FROM NotesTable")

    assert refused.value.response["Error"]["Code"] == "UnknownOperationException"


def test_a_damaged_journal_stops_the_start_and_stays_as_it_is(tmp_path: Path) -> None:
    engine, client = start(tmp_path)
    create_tables(client, SMALL.tables)
    engine.stop()
    journal = tmp_path / "journal.jsonl"
    damaged = journal.read_bytes().replace(b'{"definitions"', b"!", 1)
    journal.write_bytes(damaged)

    with pytest.raises(EngineFailed, match="line 1 cannot be read"):
        start(tmp_path)

    assert journal.read_bytes() == damaged


def test_only_the_owner_may_read_the_data(tmp_path: Path) -> None:
    engine, _ = start(tmp_path)
    engine.stop()

    mode = stat.S_IMODE((tmp_path / "journal.jsonl").stat().st_mode)

    assert mode == 0o600


def test_a_missing_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="make run"):
        start_engine(tmp_path, {"ENGINE_PYTHON": str(tmp_path / "none")})
