"""Hands the final feed on to webhooks: each new version becomes a message in the queue for whoever wants it.

First the messages are in the queue, then the line moves: a run that is cut off in between is repeated by the next one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from functions.webhooks import parcels
from shared.budget import current
from shared.errors import FeedRestarted
from shared.tables.changes import Changes, Page, Position
from shared.tables.feed import BEHIND, Feed, seconds_of, stamp_of
from shared.tables.lines import Lines, Replay
from shared.tables.queues import Message, Queue
from shared.tables.tables import Tables
from shared.tables.webhooks import Webhook, Webhooks

AT_ONCE: Final = 200
"""Entries between two moves of the line."""
LOOKS_AGAIN: Final = 2.0
"""Seconds until entries that were not final are looked at again."""
ENOUGH: Final = 6.0
"""Seconds without which nothing further is begun."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """One run at a time; two at once only put the same messages twice."""

    tables: Tables
    queue: Queue

    def run(self) -> tuple[int, int]:
        """Hand on what is final, as long as something comes; gives the messages put, and the seconds still behind."""
        sent = 0
        while True:
            count, page = self.advance()
            sent += count
            if page.caught_up:
                sent += self._replay()
            if current().seconds_left() < ENOUGH:
                return sent, 0 if page.caught_up else self._behind(page.position)
            if page.caught_up:
                if not self._is_awaited(page.position):
                    return sent, 0
                self.tables.clock.sleep(LOOKS_AGAIN)

    def advance(self) -> tuple[int, Page]:
        """Hand on the next entries; gives the messages put. The first time only draws the line.

        Raises `Overtaken` where another run did the same, and `Unavailable` where the queue is out of reach.
        """
        lines, changes, now = Lines(self.tables), Changes(self.tables), self._now()
        held = lines.line()
        if held is None:
            first = self._first(changes, now)
            lines.move(None, first)
            return 0, Page([], first, caught_up=False)
        page = self._read(changes, held)
        webhooks = [each for each in Webhooks(self.tables).all() if each.status == "active"] if page.entries else []
        messages = list(self._messages(page, webhooks))
        self.queue.send(messages)
        if page.position != held:
            lines.move(held, page.position)
        return len(messages), page

    def _first(self, changes: Changes, now: float) -> Position:
        """Where the line begins: behind what is final now, but before all that a webhook is to hear of."""
        latest = changes.latest(now)
        entered = (webhook.created_at for webhook in Webhooks(self.tables).all())
        return Position(latest.epoch, min(entered, default=latest.behind))

    def _read(self, changes: Changes, held: Position) -> Page:
        try:
            return changes.read(held, limit=AT_ONCE, now=self._now())
        except FeedRestarted:
            # What a restore undid was told of; what is written from now on has later stamps than all of it.
            restarted = Position(changes.latest(self._now()).epoch, held.behind)
            return changes.read(restarted, limit=AT_ONCE, now=self._now())

    def _messages(self, page: Page, webhooks: Iterable[Webhook]) -> Iterator[Message]:
        now = self._now()
        for entry in page.entries:
            event = parcels.of_entry(entry, page.position_of(entry).cursor)
            for webhook in webhooks:
                if webhook.wants(entry.type) and webhook.created_at <= entry.stamp:
                    yield event.to(webhook.id, begun=entry.stamp, now=now).message(now)

    def _replay(self) -> int:
        """Hand on the next entries of each replay; gives the messages put."""
        lines = Lines(self.tables)
        replays = list(lines.replays())
        if not replays:
            return 0
        webhooks = {webhook.id: webhook for webhook in Webhooks(self.tables).all()}
        return sum(self._replay_one(lines, each, webhooks.get(each.webhook_id)) for each in replays)

    def _replay_one(self, lines: Lines, replay: Replay, webhook: Webhook | None) -> int:
        if webhook is None or webhook.status != "active":
            lines.end(replay)
            return 0
        try:
            page = Changes(self.tables).read(replay.position, limit=AT_ONCE, now=self._now())
        except FeedRestarted:
            lines.end(replay)
            return 0
        now = self._now()
        wanted = [each for each in page.entries if each.stamp <= replay.until and webhook.wants(each.type)]
        events = [parcels.of_entry(entry, page.position_of(entry).cursor) for entry in wanted]
        self.queue.send([event.to(webhook.id, begun=replay.begun, now=now).message(now) for event in events])
        if page.position.behind > replay.until or (page.caught_up and stamp_of(now - BEHIND) > replay.until):
            lines.end(replay)
        else:
            lines.go_on(replay, page.position)
        return len(events)

    def _is_awaited(self, position: Position) -> bool:
        """Whether there is something that will be final soon, or a replay to go on with."""
        if any(True for _ in Lines(self.tables).replays()):
            return True
        stamp = position.behind.partition("#")[0]
        return any(entry.sort_key > position.behind for tail in Feed(self.tables).tail(stamp) for entry in tail.entries)

    def _behind(self, position: Position) -> int:
        return round(self._now() - seconds_of(position.behind.partition("#")[0]))

    def _now(self) -> float:
        return self.tables.clock.now()
