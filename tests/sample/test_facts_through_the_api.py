"""Every row of the table of facts, asked of a running register."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

from infra.load_sample import load
from infra.sample.facts import Json, check_fact, facts


def test_the_register_says_every_fact_of_the_texts(running: tuple[str, str]) -> None:
    url, key = running
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    read: dict[str, Json] = {}

    def get(path: str) -> Json:
        if path not in read:
            connection.request("GET", parts.path + path)
            response = connection.getresponse()
            read[path] = json.loads(response.read())
            assert response.status == 200, f"{path}: {read[path]}"
        return read[path]

    ids = load(url, key=key).ids
    deviations = [(row["fact"], wrong) for row in facts() if (wrong := check_fact(get, row, ids)) is not None]
    connection.close()

    assert deviations == []
