"""Sends a file of any size as imports: `make import FILE=rows.ndjson URL=http://127.0.0.1:8000/v1 KEY=crk_…`.

The file has one import row on each line (NDJSON), or is one JSON list of rows, or an object with them in `rows`. Sent
again, what is there already stays unchanged, so a run that broke off is begun anew with the same command.
"""

import argparse
import json
import os
import sys
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TextIO

from infra.client import Client, Unreachable
from shared.models.vocabulary import MOST_ROWS

Json = dict[str, Any]

MOST_BYTES = 4_000_000
"""Of one request: Lambda takes 6 MB in base64."""
LONGEST_ROW = 256_000
GOOD = ("create", "update", "unchanged", "ignored")
MOST_TRIES = 5
"""Requests in which not one row was attempted; each took all the time that it had."""
BAR = 24


class ImportFailed(Exception):
    """The file could not be sent to its end; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file; `number` is its line, or its place in the list."""

    number: int
    text: bytes


@dataclass(slots=True)
class Report:
    """What became of the rows."""

    verdicts: Counter[str] = field(default_factory=Counter)
    bad: dict[int, Json] = field(default_factory=dict)
    """What the register said of rows that are not in it now, by line."""

    @property
    def done(self) -> int:
        """Rows with a verdict."""
        return self.verdicts.total()

    def lines(self) -> Iterator[str]:
        """Say it to a person: how many of each, and every bad row with its line."""
        yield f"{self.done} rows: " + (
            ", ".join(f"{count} {name}" for name, count in sorted(self.verdicts.items()) if count) or "none"
        )
        for number, item in sorted(self.bad.items()):
            named = f"line {number}  {item['verdict']}  {item.get('ref', '')}".rstrip()
            related = ", ".join(item.get("related", ()))
            for fault in item.get("errors", ()):
                told = [named, fault.get("pointer"), fault["message"], related and f"related: {related}"]
                yield "  ".join(filter(None, told))


def read(path: Path) -> Iterator[Line]:
    """Yield the rows of a file; raises `ImportFailed` where it is neither lines nor a list of rows."""
    with path.open("rb") as file:
        first = next((line for line in file if line.strip()), b"")
    if _is_row(first):
        with path.open("rb") as file:
            # Some programs begin a text with a byte order mark, which JSON does not know (RFC 8259, section 8.1).
            texts = (text.removeprefix(BOM_UTF8).strip() for text in file)
            yield from (Line(number, text) for number, text in enumerate(texts, start=1) if text)
        return
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise ImportFailed(f"{path} holds neither one JSON object on each line nor one JSON list.") from None
    rows = content.get("rows") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise ImportFailed(f"{path} holds no list of rows.")
    for number, row in enumerate(rows, start=1):
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        yield Line(number, text.encode(errors="surrogatepass"))


def _is_row(line: bytes) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and "rows" not in row


@dataclass(slots=True)
class Sender:
    """Sends rows in batches and gathers what became of them."""

    client: Client
    is_rehearsal: bool = False
    report: Report = field(default_factory=Report)
    progress: Callable[[Report], None] = lambda _: None

    def send(self, lines: Iterable[Line]) -> Report:
        """Send all rows, and again those that name rows from behind them; raises `ImportFailed`."""
        ahead = self._round(lines)
        while ahead and not self.is_rehearsal:
            left = self._round(ahead)
            if len(left) == len(ahead):
                break
            ahead = left
        return self.report

    def _round(self, lines: Iterable[Line]) -> list[Line]:
        """Send rows once; give those that named a record which does not exist, perhaps not yet."""
        unknown: list[Line] = []
        waiting: list[Line] = []
        size = 0
        for line in lines:
            if len(line.text) > LONGEST_ROW:
                self._keep(line, {"verdict": "invalid", "errors": [{"message": "A record may take 96 KB."}]})
                continue
            if len(waiting) == MOST_ROWS or size + len(line.text) >= MOST_BYTES:
                waiting = self._batch(waiting, unknown)
                size = sum(len(left.text) + 1 for left in waiting)
            waiting.append(line)
            size += len(line.text) + 1
        self._finish(waiting, unknown)
        return unknown

    def _finish(self, waiting: list[Line], unknown: list[Line]) -> None:
        tries = 0
        while waiting:
            left = self._batch(waiting, unknown)
            tries = tries + 1 if len(left) == len(waiting) else 0
            if tries == MOST_TRIES:
                raise ImportFailed("The register does not get on; try again later with the same command.")
            waiting = left

    def _batch(self, lines: list[Line], unknown: list[Line]) -> list[Line]:
        """Send one request; give the rows that time did not suffice for, which go into the next one."""
        left: list[Line] = []
        for line, item in zip(lines, self._verdicts(lines), strict=True):
            if item["verdict"] == "not_attempted":
                left.append(line)
                continue
            if _names_unknown_alone(item):
                unknown.append(line)
            self._keep(line, item)
        self.progress(self.report)
        return left

    def _keep(self, line: Line, item: Json) -> None:
        before = self.report.bad.pop(line.number, None)
        if before is not None:
            self.report.verdicts[before["verdict"]] -= 1
        self.report.verdicts[item["verdict"]] += 1
        if item["verdict"] not in GOOD:
            self.report.bad[line.number] = item

    def _verdicts(self, lines: Sequence[Line]) -> list[Json]:
        # Without an Idempotency-Key: sent twice, a row is unchanged, and to remember that would cost a write for each.
        headers = {"Content-Type": "application/x-ndjson"}
        path = f"/imports?dry_run={'true' if self.is_rehearsal else 'false'}"
        try:
            answer = self.client.ask("POST", path, b"".join(line.text + b"\n" for line in lines), headers)
        except Unreachable as problem:
            raise ImportFailed(str(problem)) from problem
        if answer.status != HTTPStatus.OK:
            raise ImportFailed(f"The register refused an import: {answer.summary}")
        items: list[Json] = answer.content["items"]
        return items


def _names_unknown_alone(item: Json) -> bool:
    codes = {fault.get("code") for fault in item.get("errors", ())}
    return item["verdict"] == "invalid" and codes == {"unknown-reference"}


def bar(total: int, terminal: TextIO) -> Callable[[Report], None]:
    """Give what draws the progress on a terminal, one line that is written over."""

    def draw(report: Report) -> None:
        part = report.done / total if total else 1.0
        filled = "#" * int(BAR * part)
        print(f"\r[{filled:<{BAR}}] {report.done}/{total} rows", end="", file=terminal, flush=True)

    return draw


def main(arguments: Sequence[str]) -> int:
    """Send the file that the arguments name; returns 0 when all its rows are in the register."""
    parser = argparse.ArgumentParser(prog="make import FILE=… URL=… KEY=…", description="Import a file of rows.")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would become of each row")
    parser.add_argument("file", type=Path, help="one import row on each line (NDJSON), or a JSON list of rows")
    parser.add_argument("url", help="the register, such as http://127.0.0.1:8000/v1; the key comes in KEY")
    options = parser.parse_args(arguments)
    sender = Sender(Client(options.url, os.environ.get("KEY")), options.dry_run)
    problem = None
    try:
        if sys.stderr.isatty():
            sender.progress = bar(sum(1 for _ in read(options.file)), sys.stderr)
        sender.send(read(options.file))
    except (ImportFailed, OSError) as failure:
        problem = str(failure)
    except KeyboardInterrupt:
        problem = "Stopped; the same command goes on where this one was."
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(*sender.report.lines(), sep="\n")
    if options.dry_run and any(map(_names_unknown_alone, sender.report.bad.values())):
        print("Rows more than a batch apart cannot see each other before they are written.", file=sys.stderr)
    if problem is not None:
        print(problem, file=sys.stderr)
    return 1 if problem is not None or sender.report.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
