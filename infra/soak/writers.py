"""Clients that write: each write has a word of its own, and is repeated until its answer lasts."""

from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Final

from infra.client import Answer, Json
from infra.soak.asking import Asker

MOST: Final = 12
"""Live records of one type and writer, from which on it deletes as many as it creates: the register stops growing."""
TYPES: Final = ("organisation", "event", "cooperation", "membership")
_KEPT: Final = {"name", "title", "kind", "status", "when", "organisers", "parties"}
_DONE: Final = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT, HTTPStatus.ACCEPTED}
_REFUSED: Final = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.GONE,
                   HTTPStatus.PRECONDITION_FAILED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """One write with its lasting answer: what it said that no other ever said, and where that is to stand."""

    word: str
    done: bool
    record_id: str
    version: int
    deleted: bool = False


@dataclass(slots=True)
class Writer:
    """One caller; `own` is the organisation that its key belongs to, or one that it made."""

    name: str
    asker: Asker
    own: str
    shared: list[str]
    """Paths that all writers change at the same time."""
    random: Random
    is_office: bool
    live: dict[str, list[str]] = field(default_factory=lambda: {record_type: [] for record_type in TYPES})
    written: list[Written] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def step(self) -> None:
        """Write something."""
        steps = {self._create: 10, self._change: 10, self._race: 6, self._stale: 2, self._replace: 2, self._delete: 2}
        if self.is_office:
            steps |= {self._import: 3, self._merge: 1}
        self.random.choices(list(steps), list(steps.values()))[0]()

    def _word(self) -> str:
        return f"s{self.name}{next(self._numbers)}{self.random.randrange(16**4):04x}z"

    def _body(self, record_type: str, word: str) -> tuple[str, Json]:
        title = {"title": {"de": word}}
        match record_type:
            case "organisation":
                return "/organisations", {
                    "name": word,
                    "kind": "company",
                    "topics": ["soak"],
                    "people": [{"name": "Erika", "email": "erika@example.org"}],
                }
            case "event":
                when = {"start": f"2030-{self.random.randint(1, 12):02}"}
                organisers = [{"organisation_id": self.own}]
                return "/events", {
                    **title,
                    "kind": "workshop",
                    "status": "planned",
                    "when": when,
                    "organisers": organisers,
                }
            case "cooperation":
                parties = [{"organisation_id": self.own}]
                return "/cooperations", {**title, "kind": "project", "status": "active", "parties": parties}
            case _:
                member = self.random.choice(self.live["organisation"]).rpartition("/")[2]
                return f"/organisations/{self.own}/members", {"member_id": member, "note": word}

    def _create(self) -> None:
        record_type = self.random.choice(TYPES if self.live["organisation"] else TYPES[:3])
        if len(self.live[record_type]) >= MOST:
            self._delete(record_type)
            return
        word = self._word()
        path, body = self._body(record_type, word)
        answer = self._send(f"create {record_type}", word, "POST", path, body)
        if answer.status == HTTPStatus.CREATED:
            self.live[record_type].append(answer.headers["location"].removeprefix("/v1"))
            self._publish()
            if self.random.random() < 0.2:  # noqa: PLR2004 - a part of them
                self._read_back(self.live[record_type][-1], answer)

    def _read_back(self, path: str, answer: Answer) -> None:
        """Whoever has been told of a record finds it at once, by its address."""
        found = self.asker.settle("read own", "GET", path)
        if found.status != HTTPStatus.OK or found.json["version"] < answer.json["version"]:
            self.asker.course.wrong.append(f"{path} was created and is answered with {found.status}")

    def _change(self) -> None:
        record_type, path = self._some()
        if path:
            self._send(
                f"patch {record_type}", word := self._word(), "PATCH", path, _change(record_type, word), if_match="*"
            )

    def _race(self) -> None:
        """Change what others change too, as it was read: one of them is first."""
        path = self.random.choice(self.shared)
        held = self.asker.settle("read", "GET", path)
        word = self._word()
        self._send("patch in a race", word, "PATCH", path, _change("organisation", word), if_match=held.headers["etag"])

    def _stale(self) -> None:
        record_type, path = self._some()
        if path:
            self._send("patch stale", word := self._word(), "PATCH", path, _change(record_type, word), if_match='"900"')

    def _replace(self) -> None:
        """Put a record anew under its old name, for a new one would move it within its lists."""
        record_type, path = self._some()
        held = self.asker.settle("read", "GET", path) if path and record_type != "membership" else None
        if held is not None and held.status == HTTPStatus.OK:
            word = self._word()
            kept = {name: value for name, value in held.json.items() if name in _KEPT}
            self._send(f"put {record_type}", word, "PUT", path, {**kept, **_change(record_type, word)}, if_match="*")

    def _delete(self, record_type: str = "") -> None:
        record_type, path = self._some(record_type)
        if not path:
            return
        answer = self._send(f"delete {record_type}", "", "DELETE", path, if_match="*")
        # What others still name stays, and goes to the end of the queue.
        self.live[record_type].remove(path)
        if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            self.live[record_type].append(path)
        self._publish()

    def _import(self) -> None:
        words = [self._word() for _ in range(5)]
        numbers = self.random.sample(range(30), len(words))
        rows = [
            {
                "type": "organisation",
                "ref": f"soak-{self.name}:{number}",
                "new": True,
                "record": {
                    "name": f"Import {self.name} {number}",
                    "kind": "other",
                    "website": f"https://example.org/{word}",
                },
            }
            for number, word in zip(numbers, words, strict=True)
        ]
        while True:
            answer = self.asker.settle("import", "POST", "/imports", {"rows": rows})
            items = answer.json.get("items", []) if answer.status == HTTPStatus.OK else []
            if answer.status != HTTPStatus.OK or all(item["verdict"] != "not_attempted" for item in items):
                break
        self._expect("import", answer)
        for word, item in zip(words, items, strict=False):
            done = item["verdict"] in {"create", "update", "unchanged"}
            self.written.append(Written(word, done, item.get("id") or "", item.get("version") or 0))

    def _merge(self) -> None:
        """Two organisations turn out to be one."""
        made = []
        for _ in range(2):
            word = self._word()
            answer = self._send("create organisation", word, "POST", *self._body("organisation", word))
            made.append(answer.json["id"])
        old, into = made
        answer = self._send("merge", "", "POST", f"/organisations/{old}/merge", {"into": into})
        # Whoever deletes it while the job has not come to its end stops the job.
        if answer.json.get("state") == "finished":
            self.live["organisation"].append(f"/organisations/{into}")
        self.asker.course.known.setdefault("jobs", []).append(str(answer.json.get("id")))

    def _some(self, record_type: str = "") -> tuple[str, str]:
        chosen = record_type or self.random.choice(TYPES)
        return chosen, self.random.choice(self.live[chosen] or [""])

    def _publish(self) -> None:
        for record_type, paths in self.live.items():
            self.asker.course.known[f"{record_type} {self.name}"] = list(paths)

    def _send(self, kind: str, word: str, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        """Send a write under a key of its own until its answer lasts, and now and then once more."""
        key = f"{self.name}-{next(self._numbers)}"
        if self.random.random() < 0.03:  # noqa: PLR2004 - a part of them hangs up before the answer
            self.asker.hang_up(method, path, body, idempotency_key=key, **headers)
        answer = self.asker.settle(kind, method, path, body, idempotency_key=key, **headers)
        self._expect(kind, answer)
        if self.random.random() < 0.1:  # noqa: PLR2004 - the same
            self._repeat(kind, method, path, body, answer, {**headers, "idempotency_key": key})
        said = answer.json if answer.body and answer.status in _DONE else {}
        is_record = "version" in said
        self.written.append(
            Written(
                word,
                answer.status in _DONE,
                said["id"] if is_record else path.rpartition("/")[2],
                said["version"] if is_record else 0,
                deleted=answer.status == HTTPStatus.NO_CONTENT,
            )
        )
        return answer

    def _repeat(
        self, kind: str, method: str, path: str, body: Json | None, first: Answer, headers: dict[str, str]
    ) -> None:
        again = self.asker.settle(f"{kind} again", method, path, body, **headers)
        # A job has come further meanwhile; whose it is stays.
        same = again.body == first.body or first.status not in _DONE
        same = same or (first.status == HTTPStatus.ACCEPTED and again.json["id"] == first.json["id"])
        is_remembered = first.status != HTTPStatus.FORBIDDEN
        if is_remembered and (again.status != first.status or not same or "idempotent-replayed" not in again.headers):
            self.asker.course.wrong.append(f"{method} {path} was answered {first.status}, and again {again.status}")
        if body is not None:
            other = self.asker.settle("key used again", method, path, {**body, "topics": ["other"]}, **headers)
            if other.status != HTTPStatus.UNPROCESSABLE_ENTITY and first.status in _DONE:
                self.asker.course.wrong.append(
                    f"{method} {path} took an Idempotency-Key for another body: {other.status}"
                )

    def _expect(self, kind: str, answer: Answer) -> None:
        if answer.status not in _DONE | _REFUSED:
            self.asker.course.wrong.append(
                f"{kind} was answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
            )


def _change(record_type: str, word: str) -> Json:
    match record_type:
        case "membership":
            return {"note": word}
        case "cooperation":
            return {"target_groups": [word]}
        case _:
            return {"website": f"https://example.org/{word}"}
