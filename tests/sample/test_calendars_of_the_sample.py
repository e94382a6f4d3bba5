"""The calendar of 2023 and the series of 2018, from the sample data, as a calendar program reads them."""

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import vobject

from infra.client import Client
from infra.load_sample import load


class Subscriber:
    """A calendar program."""

    def __init__(self, url: str) -> None:
        self.path = urlsplit(url).path
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=30)

    def get(self, path: str, etag: str = "") -> tuple[int, str, str]:
        """Status, ETag and text."""
        headers = {"If-None-Match": etag} if etag else {}
        self.connection.request("GET", self.path + path, headers=headers)
        response = self.connection.getresponse()
        return response.status, response.headers["ETag"], response.read().decode()

    def lines(self, path: str) -> list[str]:
        """Each event of a calendar in short."""
        status, _, text = self.get(path)
        assert status == 200, text
        return [shown(event) for event in getattr(vobject.readOne(text), "vevent_list", ())]


def shown(event: Any) -> str:  # noqa: ANN401 - vobject has no types
    parent = f" of {event.related_to.value}" if "related-to" in event.contents else ""
    place = f" @ {event.location.value}" if "location" in event.contents else ""
    days = f"{event.dtstart.value}..{event.dtend.value}"
    return f"{days} {event.status.value} {event.sequence.value} {event.summary.value}{place}{parent}"


def test_the_calendars_of_the_sample(running: tuple[str, str]) -> None:
    url, key = running
    ids = load(url, key=key).ids
    program, office = Subscriber(url), Client(url, key)
    own = f"/events.ics?organiser={ids['itnet']}&from=2023"

    first, again = program.get(own), program.get(own)
    unchanged = program.get(own, first[1])
    usual = program.lines(own)
    with_umbrella = program.lines(f"{own}&tentative=include")
    series = program.lines(f"/events.ics?organiser={ids['cluster-it']}&to=2018&lang=en")
    lounge = ids["business-lounge-2023-11"]
    merging = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    assert office.ask("PATCH", f"/events/{lounge}", b'{"status": "cancelled"}', merging).status == 200
    cancelled = program.lines(f"/events/{lounge}.ics")
    program.connection.close()

    year = [
        "2023-02-01..2023-02-02 CONFIRMED 0 Jahresempfang",
        "2023-02-28..2023-03-01 CONFIRMED 0 Business-Lounge",
        "2023-04-27..2023-04-28 CONFIRMED 0 IT-Security-Day",
        "2023-06-15..2023-06-17 CONFIRMED 0 Digitaltag Thüringen",
        "2023-11-02..2023-11-03 CONFIRMED 0 Business-Lounge",
    ]
    assert again == first
    assert unchanged == (304, first[1], "")
    assert usual == year
    assert with_umbrella == [*year[:4], "2023-09-01..2023-10-01 TENTATIVE 0 Cybersecurity-Monat", *year[4:]]
    kick_off = "2018-01-11..2018-01-12 CONFIRMED 0 Cluster Regional: kick-off in Leipzig @ Leipzig"
    assert series == [f"{kick_off} of {ids['cluster-regional']}@clusterregister"]
    assert cancelled == ["2023-11-02..2023-11-03 CANCELLED 1 Business-Lounge"]
