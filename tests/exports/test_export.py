"""The export: the register as rows of an import, which make the same register again."""

import json

from tests.api import samples
from tests.api.client import Api, Json
from tests.api.conftest import House, altered
from tests.exports.conftest import Filled, imported

LICENSE = {"type": "license", "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}


def rows(content: bytes) -> list[Json]:
    return [json.loads(line) for line in content.decode().splitlines()]


def whole(api: Api) -> bytes:
    """The export with the protected part."""
    return api.get("/export", authorization=f"Bearer {api.key}").content


def test_an_empty_register_gives_its_licence(api: Api) -> None:
    answer = api.get("/export")

    assert answer.status == 200
    assert rows(answer.content) == [LICENSE]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["last-modified"].endswith(" GMT")


def test_a_register_is_given_by_rows_that_name_each_other(api: Api) -> None:
    network = samples.network(api, "Ärztenetz")
    company = samples.company(api, "Größe GmbH", people=[{"key": "p1", **samples.OPEN_PERSON}])
    member = api.id(f"/organisations/{network}/members", {"member_id": company, "since": "2015"})

    answer = api.get("/export")

    def row(record_type: str, record_id: str, record: Json) -> Json:
        return {"type": record_type, "ref": f"clusterregister:{record_id}", "record": record}

    person = {"key": "p1", "name": "Erika Muster", "role": {"de": "Vorständin"}}
    between = {
        "network_id": {"ref": f"clusterregister:{network}"},
        "member_id": {"ref": f"clusterregister:{company}"},
        "since": "2015",
    }
    records = {
        company: row("organisation", company, {"name": "Größe GmbH", "kind": "company", "people": [person]}),
        network: row("organisation", network, {"name": "Ärztenetz", "kind": "network"}),
    }
    assert rows(answer.content) == [
        LICENSE,
        *(records[one] for one in sorted(records)),
        row("membership", member, between),
    ]


def test_what_is_exported_and_imported_into_an_empty_register_gives_the_same_bytes(
    house: House, filled: Filled
) -> None:
    public, full = filled.api.get("/export").content, whole(filled.api)

    with house.emptied(filled.api) as empty:
        verdicts = imported(empty, public)
        again = empty.get("/export").content
    with house.emptied(filled.api) as empty:
        imported(empty, full)
        all_again, public_again = whole(empty), empty.get("/export").content

    assert verdicts == {"create": 7, "ignored": 1}
    assert again == public
    assert all_again == full
    assert public_again == public


def test_only_the_office_gets_what_is_protected(filled: Filled, house: House) -> None:
    partner = house.key(filled.ids["network"], "contacts:read")

    public = filled.api.get("/export")
    of_partner = filled.api.get("/export", authorization=f"Bearer {partner}")
    full = filled.api.get("/export", authorization=f"Bearer {filled.api.key}")

    assert not [canary for canary in samples.CANARIES if canary in public.content.decode()]
    assert of_partner.content == public.content
    assert all(canary in full.content.decode() for canary in samples.CANARIES[:2])
    assert full.headers["cache-control"] == "private, no-store"


def test_what_was_deleted_is_in_no_export(filled: Filled) -> None:
    assert filled.ids["gone"].encode() not in whole(filled.api)
    assert filled.ids["left"].encode() in whole(filled.api)


def test_an_export_sent_to_its_own_register_changes_nothing(filled: Filled) -> None:
    before = whole(filled.api)

    public = imported(filled.api, filled.api.get("/export").content)
    full = imported(filled.api, before)

    assert public == full == {"ignored": 1, "unchanged": 7}
    assert whole(filled.api) == before


def test_a_later_export_brings_a_copy_up_to_date(house: House, filled: Filled) -> None:
    first = whole(filled.api)
    path = f"/organisations/{filled.ids['network']}"
    attached = [{"scheme": "ror", "value": str(number)} for number in range(5)]
    filled.api.change(path, {"external_ids": [*filled.api.get(path).json["external_ids"], *attached]})
    partner = house.process.PARTNERS.create(filled.ids["company"], ["organisations:write"], prefix="crm2").text()
    assert filled.api.put(f"{path}/external-ids/crm2.x/9", None, authorization=f"Bearer {partner}").status == 200
    later = whole(filled.api)

    with house.emptied(filled.api) as copy:
        imported(copy, first)
        verdicts = imported(copy, later)
        copied = whole(copy)
    with house.emptied(filled.api) as new:
        imported(new, later)
        anew = whole(new)

    assert verdicts == {"ignored": 1, "unchanged": 6, "update": 1}
    assert copied == anew == later


def test_a_partner_gives_no_record_a_name_of_an_export(house: House, filled: Filled) -> None:
    partner = Api(filled.api.gateway, house.key(filled.ids["network"], "organisations:write"))
    row = {"type": "organisation", "ref": "clusterregister:1", "record": {"name": "Neu", "kind": "company"}}

    answer = partner.post("/imports", {"rows": [row]})

    assert [(item["verdict"], item["errors"][0]["code"]) for item in answer.items] == [("conflict", "forbidden")]


def test_a_record_is_found_by_the_name_that_exports_give_it(filled: Filled) -> None:
    known, unknown = filled.ids["network"], samples.NOBODY

    assert filled.api.get(f"/organisations/by-ref/clusterregister/{known}").json["id"] == known
    assert filled.api.get(f"/organisations/by-ref/clusterregister/{unknown}").status == 404
    assert filled.api.get(f"/events/by-ref/clusterregister/{known}").status == 404
    assert filled.api.get(f"/events/by-ref/clusterregister/{filled.ids['gone']}").status == 410


def test_a_copy_that_merges_two_records_keeps_the_name_of_the_one_that_stays(api: Api) -> None:
    rows_of_export = [
        {"type": "organisation", "ref": "clusterregister:old", "record": {"name": "Alt", "kind": "company"}},
        {"type": "organisation", "ref": "clusterregister:new", "record": {"name": "Neu", "kind": "company"}},
    ]
    old, _ = (item["id"] for item in api.post("/imports", {"rows": rows_of_export}).items)
    here = samples.company(api, "Hiesig")

    report = api.post(f"/organisations/{old}/merge", {"into": here}).json["report"]

    assert report["external_ids_left"] == ["clusterregister:old"]
    refs = [row["ref"] for row in rows(api.get("/export").content)[1:]]
    assert refs == [f"clusterregister:{here}" if ref != "clusterregister:new" else ref for ref in refs]
    assert len(refs) == 2


def test_an_unchanged_register_gives_the_same_validators(filled: Filled) -> None:
    first = filled.api.get("/export")
    again = filled.api.get("/export", if_none_match=first.etag)
    filled.api.change(f"/organisations/{filled.ids['company']}", {"phone": "+49 1"})
    changed = filled.api.get("/export", if_none_match=first.etag)

    assert (again.status, again.headers["last-modified"]) == (304, first.headers["last-modified"])
    assert changed.status == 200
    assert filled.api.head("/export").headers["etag"] == changed.etag


def test_the_licence_is_what_the_operator_says(api: Api, house: House) -> None:
    with altered(house.process.SETTINGS, license_name="CC0 1.0", license_url="https://example.org/cc0"):
        answer = api.get("/export")

    assert rows(answer.content) == [{"type": "license", "name": "CC0 1.0", "url": "https://example.org/cc0"}]
    assert answer.headers["link"] == '<https://example.org/cc0>; rel="license"'
