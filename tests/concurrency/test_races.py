"""Writers who race: what was acknowledged is there, what was refused is not, and no rule is broken in between."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest

from tests.api import samples
from tests.api.client import Answer, Api, Json
from tests.concurrency.conftest import Engine, at_once, decided

WRITERS = 16


def test_sixteen_writers_on_one_record_lose_nothing(api: Api) -> None:
    path = f"/organisations/{samples.network(api)}"

    def write(writer: int) -> list[str]:
        acknowledged = []
        for turn in range(3):
            held = api.get(path)
            customers = [*held.json.get("reference_customers", ()), f"{writer}/{turn}"]
            answer = api.patch(path, {"reference_customers": customers}, if_match=held.etag)
            if decided(answer, 200, 412).status == 200:
                acknowledged.append(f"{writer}/{turn}")
        return acknowledged

    acknowledged = [name for names in at_once(*(partial(write, writer) for writer in range(WRITERS))) for name in names]

    record = api.get(path).json
    assert len(acknowledged) >= 3
    assert sorted(record["reference_customers"]) == sorted(acknowledged)
    assert record["version"] == 1 + len(acknowledged)


def test_of_sixteen_who_saw_the_same_version_one_changes_it(api: Api) -> None:
    path = f"/organisations/{samples.network(api)}"

    def write(writer: int) -> Answer:
        return decided(api.patch(path, {"legal_form": f"{writer}"}, if_match='"1"'), 200, 412)

    answers = at_once(*(partial(write, writer) for writer in range(WRITERS)))

    winners = [answer for answer in answers if answer.status == 200]
    assert len(winners) == 1
    assert {answer.etag for answer in answers if answer.status == 412} == {'"2"'}
    assert api.get(path).content == winners[0].content


def test_sixteen_who_take_any_version_are_all_written_in_some_order(api: Api) -> None:
    path = f"/organisations/{samples.network(api)}"

    def write(writer: int) -> Answer:
        return decided(api.patch(path, {"legal_form": f"{writer}"}, if_match="*"), 200)

    answers = at_once(*(partial(write, writer) for writer in range(WRITERS)))

    written = sorted(answer.json["version"] for answer in answers if answer.status == 200)
    assert written == list(range(2, 2 + len(written)))
    assert len(written) > 1
    assert api.get(path).json["version"] == written[-1]


def test_sixteen_writers_on_one_networks_members_lose_nothing(api: Api) -> None:
    network = samples.network(api)
    companies = [[samples.company(api, f"{writer}/{turn}") for turn in range(3)] for writer in range(WRITERS)]

    def write(mine: list[str]) -> list[str]:
        answers = [decided(api.post(f"/organisations/{network}/members", {"member_id": each}), 201) for each in mine]
        return [answer.json["member_id"] for answer in answers if answer.status == 201]

    acknowledged = [name for names in at_once(*(partial(write, mine) for mine in companies)) for name in names]

    listed = [item["member_id"] for item in api.get(f"/organisations/{network}/members?limit=200").items]
    assert len(acknowledged) >= WRITERS
    assert sorted(listed) == sorted(acknowledged)


def test_a_pair_that_is_entered_sixteen_times_at_once_is_there_once(api: Api) -> None:
    members, company = f"/organisations/{samples.network(api)}/members", samples.company(api)

    answers = at_once(*[lambda: decided(api.post(members, {"member_id": company}), 201, 409)] * WRITERS)

    assert [answer.status for answer in answers].count(201) == 1
    assert len(api.get(f"{members}?as_of=any").items) == 1


def test_an_external_id_that_is_taken_sixteen_times_at_once_is_taken_once(api: Api) -> None:
    body = {"name": "x", "kind": "other", "external_ids": [{"scheme": "race", "value": "1"}]}

    answers = at_once(*[lambda: decided(api.post("/organisations", body), 201, 409)] * WRITERS)

    (winner,) = [answer.json["id"] for answer in answers if answer.status == 201]
    assert {tuple(answer.json["related"]) for answer in answers if answer.status == 409} <= {(winner,)}
    assert [item["id"] for item in api.get("/organisations?external_id=race:1").items] == [winner]


def _as_relation(api: Api, target: str) -> Answer:
    relations = [{"kind": "related", "organisation_id": target}]
    return api.post("/organisations", {"name": "x", "kind": "other", "relations": relations})


def _as_party(api: Api, target: str) -> Answer:
    parties = [{"organisation_id": target}]
    return api.post("/cooperations", {"title": {"de": "x"}, "kind": "project", "status": "active", "parties": parties})


def _as_organiser(api: Api, target: str) -> Answer:
    organisers = [{"organisation_id": target}]
    body = {"title": {"de": "x"}, "kind": "other", "status": "planned", "organisers": organisers}
    return api.post("/events", body)


@pytest.mark.parametrize("turn", range(6))
def test_a_deletion_that_races_with_new_references_leaves_none_dangling(engine: Engine, turn: int) -> None:
    api = engine.api
    targets = [samples.company(api, f"Ziel {turn}/{number}") for number in range(4)]
    namers: list[Callable[[Api, str], Answer]] = [_as_relation, _as_party, _as_organiser]
    works: list[Callable[[], Answer]] = []
    for number, target in enumerate(targets):
        works.append(partial(api.delete, f"/organisations/{target}", if_match="*"))
        works += [partial(namers[(turn + number + each) % 3], api, target) for each in range(3)]

    answers = at_once(*works)

    truth = engine.truth()
    for number, target in enumerate(targets):
        deletion, *namings = answers[4 * number : 4 * number + 4]
        decided(deletion, 204, 409)
        named = [decided(answer, 201, 422).status == 201 for answer in namings]
        assert (target in truth.records) == (deletion.status != 204)
        assert not (deletion.status == 204 and any(named))
        if deletion.status == 409:
            assert any(named)


def test_a_deletion_that_races_with_a_membership_leaves_none_dangling(engine: Engine) -> None:
    api = engine.api
    for _ in range(8):
        network, member = samples.network(api), samples.company(api)
        deletion, *entries = at_once(
            partial(api.delete, f"/organisations/{member}", if_match="*"),
            partial(api.post, f"/organisations/{network}/members", {"member_id": member, "until": "2015"}),
            partial(api.post, f"/organisations/{network}/members", {"member_id": member, "since": "2016"}),
        )

        entered = [decided(answer, 201, 422).status for answer in entries].count(201)
        assert decided(deletion, 204, 409).status != 204 or entered == 0


def _event(api: Api, title: str) -> str:
    return f"/events/{samples.plain_event(api, title)}"


def _cooperation(api: Api, title: str) -> str:
    return f"/cooperations/{samples.plain_cooperation(api, samples.company(api), title)}"


def _below(api: Api, path: str, parent: str) -> Callable[[], Answer]:
    return partial(api.patch, path, {"part_of": parent.rpartition("/")[2]}, if_match="*")


@pytest.mark.parametrize("made", [_event, _cooperation])
def test_two_moves_that_together_make_a_cycle_never_both_succeed(
    engine: Engine, made: Callable[[Api, str], str]
) -> None:
    api = engine.api
    for _ in range(8):
        one, other = made(api, "eins"), made(api, "zwei")

        answers = at_once(_below(api, one, other), _below(api, other, one))

        assert [decided(answer, 200, 422).status for answer in answers].count(200) <= 1


def test_moves_that_together_make_a_longer_cycle_never_all_succeed(engine: Engine) -> None:
    api = engine.api
    for _ in range(6):
        ring = [_event(api, f"Ring {number}") for number in range(3)]

        answers = at_once(*(_below(api, ring[number], ring[(number + 1) % 3]) for number in range(3)))

        assert [decided(answer, 200, 422).status for answer in answers].count(200) <= 2
        truth = engine.truth()
        assert all(len(truth.path_up(each.rpartition("/")[2])) <= 3 for each in ring)


def test_moves_that_together_make_a_fourth_level_never_all_succeed(engine: Engine) -> None:
    api = engine.api
    for _ in range(6):
        chain = [_event(api, f"Kette {number}") for number in range(4)]

        answers = at_once(*(_below(api, below, above) for below, above in pairwise(chain)))

        assert [decided(answer, 200, 422).status for answer in answers].count(200) <= 2
        truth = engine.truth()
        assert all(len(truth.path_up(each.rpartition("/")[2])) <= 3 for each in chain)


def test_a_grade_that_goes_while_a_member_takes_it_is_never_carried_unoffered(engine: Engine) -> None:
    api = engine.api
    for _ in range(8):
        network = samples.network(api, membership_grades=[{"code": "full"}, {"code": "guest"}])
        company = samples.company(api)
        removal, entry = at_once(
            partial(api.patch, f"/organisations/{network}", {"membership_grades": [{"code": "guest"}]}, if_match="*"),
            partial(api.post, f"/organisations/{network}/members", {"member_id": company, "grade": "full"}),
        )

        statuses = (decided(removal, 200, 409).status, decided(entry, 201, 422).status)
        assert statuses != (200, 201)


def test_lists_are_right_at_once_after_every_write_of_any_thread(api: Api) -> None:
    def seen(query: str) -> list[Json] | None:
        answer = decided(api.get(f"/organisations?limit=200&{query}"), 200)
        return answer.items if answer.status == 200 else None

    def live(writer: int) -> list[str]:
        wrong = []
        for turn in range(3):
            pair = {"scheme": "seen", "value": f"{writer}/{turn}"}
            query = f"external_id=seen:{writer}/{turn}"
            answer = decided(api.post("/organisations", {"name": "x", "kind": "other", "external_ids": [pair]}), 201)
            if answer.status == 503:
                continue
            path = f"/organisations/{answer.json['id']}"
            for edit, names in (
                (None, ["x"]),
                (partial(api.patch, path, {"name": f"y {writer}"}, if_match='"1"'), [f"y {writer}"]),
                (partial(api.delete, path, if_match='"2"'), []),
            ):
                done = edit is None or decided(edit(), 200, 204).status != 503
                items = seen(query)
                if done and items is not None and [item["name"] for item in items] != names:
                    wrong.append(f"{query} shows {items} and not {names}")
        return wrong

    assert at_once(*(partial(live, writer) for writer in range(8))) == [[]] * 8


def test_what_one_thread_wrote_every_other_sees_from_the_acknowledgement_on(api: Api) -> None:
    network = samples.network(api)

    def enter(writer: int) -> str:
        company = samples.company(api, f"Firma {writer}")
        return str(api.id(f"/organisations/{network}/members", {"member_id": company}))

    for turn in range(4):
        entered = at_once(*(partial(enter, 4 * turn + writer) for writer in range(4)))

        lists = at_once(*[lambda: decided(api.get(f"/organisations/{network}/members?limit=200"), 200)] * 8)

        shown = [{item["id"] for item in answer.items} for answer in lists if answer.status == 200]
        assert shown
        assert all(set(entered) <= each and len(each) == 4 * turn + 4 for each in shown)
