"""Rows of an import, and what the register says to them."""

from tests.api.client import Answer, Json
from tests.partners.conftest import Partner


def company(number: int, name: str = "", **more: object) -> Json:
    record = {"name": name or f"Firma {number}", "kind": "company", **more}
    return {"type": "organisation", "ref": f"itnet.crm:{number}", "record": record}


def member(network: str, number: int) -> Json:
    record = {"network_id": network, "member_id": {"ref": f"itnet.crm:{number}"}}
    return {"type": "membership", "ref": f"itnet.crm:m{number}", "record": record}


def send(partner: Partner, *rows: object, query: str = "", **headers: str) -> Answer:
    answer = partner.api.post(f"/imports{query}", {"rows": rows}, **headers)
    assert answer.status == 200, answer.content
    return answer


def verdicts(answer: Answer) -> list[str]:
    return [item["verdict"] for item in answer.items]
