"""Clients that read: every kind of answer, lists to their end, and the change feed as a mirror would."""

from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from random import Random
from typing import Final

from infra.client import Json
from infra.soak.asking import Asker

_ALWAYS: Final = (
    "/organisations",
    "/organisations?kind=network&format=csv&lang=de",
    "/organisations?topic=soak&order=desc&limit=200",
    "/events?from=2023&to=2030&include=refs",
    "/events?format=jsonld",
    "/cooperations",
    "/search?q=logistik",
    "/search?type=event&topic=it&limit=20",
    "/search?near=51.34,12.37&radius_km=100",
    "/suggest?q=netzw",
    "/catalogue?limit=20",
    "/topics",
    "/regions?format=csv",
    "/stats",
    "/synergies?limit=20",
    "/graph?limit=60",
    "/graph?limit=40&format=svg",
    "/graph?format=graphml",
    "/events.ics",
    "/feed.json",
    "/feed.atom?lang=en",
    "/changes?after=latest",
    "/openapi.json",
    "/docs",
)
_OF_ONE: Final = ("", "", "", "/history", "?view=public-is-no-view", "?as_of=2019")
_OF_ORGANISATIONS: Final = (
    "/members",
    "/memberships",
    "/relations",
    "/events",
    "/events.ics",
    "/cooperations",
    "/partners",
)
_KINDS: Final = {
    "openapi.json": "documentation",
    "docs": "documentation",
    **dict.fromkeys(("topics", "regions", "stats", "catalogue"), "counts"),
    "events.ics": "calendar",
    **dict.fromkeys(("feed.json", "feed.atom"), "feed"),
}
_GONE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.PERMANENT_REDIRECT}


@dataclass(slots=True)
class Reader:
    """One client without a key."""

    asker: Asker
    random: Random
    _tags: dict[str, str] = field(default_factory=dict)

    def step(self) -> None:
        """Read something."""
        draw = self.random.random()
        if draw < 0.04:  # noqa: PLR2004 - walks are long
            self._walk(
                self.random.choice(["/organisations?limit=50", "/events?limit=20&order=desc", "/cooperations?limit=20"])
            )
        elif draw < 0.045:  # noqa: PLR2004 - here, the whole register is written within the request
            self._read("/export", {HTTPStatus.OK})
        elif draw < 0.55:  # noqa: PLR2004 - about half
            self._read_one()
        else:
            self._read(self.random.choice(_ALWAYS), {HTTPStatus.OK})

    def _read_one(self) -> None:
        paths = list(
            chain.from_iterable(paths for name, paths in self.asker.course.known.copy().items() if name != "jobs")
        )
        if not paths:
            return
        path = self.random.choice(paths)
        more = self.random.choice(_OF_ONE)
        if path.startswith("/organisations/") and "/members/" not in path and self.random.random() < 0.3:  # noqa: PLR2004 - some
            more = self.random.choice(_OF_ORGANISATIONS)
        if more.startswith("?view"):
            self._read(f"{path}{more}", {HTTPStatus.BAD_REQUEST})
            return
        self._read(f"{path}{more}", {HTTPStatus.OK, *_GONE})

    def _read(self, path: str, expected: set[HTTPStatus]) -> None:
        headers = {"accept_encoding": "gzip"} if self.random.random() < 0.5 else {}  # noqa: PLR2004 - half of them
        if path in self._tags and self.random.random() < 0.5:  # noqa: PLR2004 - the same
            headers["if_none_match"] = self._tags[path]
        answer = self.asker.ask(kind_of(path), "GET", path, **headers)
        if answer.status not in {*expected, HTTPStatus.NOT_MODIFIED, HTTPStatus.SERVICE_UNAVAILABLE}:
            self.asker.course.wrong.append(f"GET {path} was answered {answer.status}: {answer.body[:300]!r}")
        if "etag" in answer.headers:
            self._tags[path] = answer.headers["etag"]
            if len(self._tags) > 500:  # noqa: PLR2004 - as a client's cache would
                self._tags.clear()

    def _walk(self, path: str) -> None:
        """Read a list to its end: nothing stands in it twice."""
        ids = [item["id"] for item in walked(self.asker, path)]
        if len(ids) != len(set(ids)):
            self.asker.course.wrong.append(f"GET {path}, page by page, gave a record twice")


@dataclass(slots=True)
class Follower:
    """A mirror that reads the change feed as it grows."""

    asker: Asker
    entries: list[Json] = field(default_factory=list)
    began: int = 0
    """How often it had to begin anew (410 after the engine was cut off)."""
    _next: str = "/changes?include=record&limit=200"

    def step(self) -> None:
        """Read what is new."""
        answer = self.asker.ask("changes", "GET", self._next)
        if answer.status == HTTPStatus.GONE:
            self.began += 1
            self.entries, self._next = [], "/changes?include=record&limit=200"
            return
        if answer.status == HTTPStatus.OK:
            page = answer.json
            self.entries += page["items"]
            self._next = page["next"].removeprefix("/v1")
        elif answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            self.asker.course.wrong.append(f"GET {self._next} was answered {answer.status}")


def kind_of(path: str) -> str:
    """What a read is called in the figures."""
    first, _, rest = path.partition("?")[0].strip("/").partition("/")
    if first not in {"organisations", "events", "cooperations"}:
        return _KINDS.get(first, first)
    if not rest:
        return "list"
    return "list of one" if "/" in rest and "/members/" not in f"/{rest}" else "read"


def walked(asker: Asker, path: str) -> list[Json]:
    """All items of a list, page by page; waits for what passes."""
    items: list[Json] = []
    following: str | None = path
    while following is not None:
        answer = asker.settle(kind_of(path), "GET", following.removeprefix("/v1"))
        if answer.status != HTTPStatus.OK:
            asker.course.wrong.append(f"GET {following} was answered {answer.status}: {answer.body[:300]!r}")
            break
        page = answer.json
        items += page["items"]
        following = page["next"] if page.get("more", True) else None
    return items
