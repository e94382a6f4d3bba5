"""Messages in a file reach the function that the template names, and come again when it fails."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local.functions import FunctionFailed, Functions
from infra.local.queues import Queues, queue_file
from infra.template import Function, QueueSource, Template, TemplateError
from shared.tables.file_queue import FileQueue
from shared.tables.queues import Message

SOURCE = QueueSource("Jobs", batch=2, hidden=1, most_receipts=3)
WORKER = Function("Worker", "x.handler", 20, 128, {}, (), (), (SOURCE,))


class Recorder:
    """Takes events in place of real functions, and does with each message what its body says."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.batches: list[int] = []
        self.lock = threading.Lock()

    def invoke(self, _: Function, event: Mapping[str, Any], *, seconds: int) -> object:
        assert seconds == WORKER.timeout
        bodies = [record["body"] for record in event["Records"]]
        with self.lock:
            first = [body for body in bodies if body not in self.seen]
            self.seen += bodies
            self.batches.append(len(bodies))
        if "raise" in first:
            raise FunctionFailed
        failed = [record for record in event["Records"] if record["body"] in first and record["body"] == "fail"]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def run_until_empty(recorder: Recorder, folder: Path) -> FileQueue:
    queue = FileQueue(queue_file(folder, "Jobs"))
    queues = Queues(cast("Functions", recorder), (WORKER,), folder)
    queues.start()
    deadline = time.monotonic() + 20
    while len(queue) and time.monotonic() < deadline:
        time.sleep(0.05)
    queues.stop()
    for thread in queues._threads:
        thread.join(5)
    return queue


def test_each_message_reaches_its_function_and_is_forgotten(tmp_path: Path) -> None:
    recorder = Recorder()
    FileQueue(queue_file(tmp_path, "Jobs")).send([Message(str(number), "g") for number in range(9)])

    queue = run_until_empty(recorder, tmp_path)

    assert sorted(recorder.seen) == [str(number) for number in range(9)]
    assert max(recorder.batches) == SOURCE.batch
    assert (len(queue), queue.dead()) == (0, [])


@pytest.mark.parametrize("trouble", ["fail", "raise"])
def test_what_failed_comes_again(tmp_path: Path, trouble: str) -> None:
    recorder = Recorder()
    FileQueue(queue_file(tmp_path, "Jobs")).send([Message(trouble, "g")])

    queue = run_until_empty(recorder, tmp_path)

    assert recorder.seen == [trouble, trouble]
    assert (len(queue), queue.dead()) == (0, [])


def test_what_a_killed_server_had_in_hand_is_due_at_the_next_start(tmp_path: Path) -> None:
    recorder = Recorder()
    queue = FileQueue(queue_file(tmp_path, "Jobs"))
    queue.send([Message("x", "g")])
    queue.receive(1, 3600, 3)

    run_until_empty(recorder, tmp_path)

    assert recorder.seen == ["x"]


TEMPLATE = """
Resources:
  Api: {{Type: AWS::Serverless::Api, Properties: {{StageName: v1}}}}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {{VisibilityTimeout: 90, RedrivePolicy: {{maxReceiveCount: 4}}}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b.c
      Events: {{Jobs: {{Type: SQS, Properties: {{Queue: {queue}, BatchSize: 7}}}}}}
"""


def test_the_template_says_which_queue_a_function_takes_from(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.format(queue="!GetAtt Jobs.Arn"))

    assert Template.read(path).functions[0].queues == (QueueSource("Jobs", batch=7, hidden=90, most_receipts=4),)


@pytest.mark.parametrize("queue", ["arn:aws:sqs:x", "!GetAtt Other.Arn", "!Ref Jobs"])
def test_a_queue_that_is_not_of_the_template_is_refused(tmp_path: Path, queue: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.format(queue=queue))

    with pytest.raises(TemplateError, match="queue"):
        Template.read(path)
