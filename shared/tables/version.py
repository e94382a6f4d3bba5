"""What the table layer needs to know of one version of a record, whatever its type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.models import views
from shared.models.patch import dumps

if TYPE_CHECKING:
    from shared.models.envelope import Record

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Membership:
    """The part of a membership that rules across records look at."""

    network_id: str
    member_id: str
    grade: str | None
    times: Mapping[str, str]
    """Those of `since`, `until` and `as_of` that are known; PartialDates."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is stored: its texts, what it names, and what its guards must know."""

    id: str
    type: str
    version: int
    updated_at: str
    public_text: str
    private_text: str | None
    label: str
    references: Mapping[str, str]
    """Ids of the other records it names, each with the first JSON Pointer that does."""
    external_ids: Mapping[str, str]
    """`scheme#value`, each with its JSON Pointer."""
    part_of: str | None
    grades: frozenset[str]
    membership: Membership | None

    @classmethod
    def of_record(cls, record: "Record") -> "Version":
        """Describe a version by the record."""
        whole = record.as_input()
        public, private = views.split(whole)
        return cls._of(whole, public, dumps(public), dumps(private) if private else None)

    @classmethod
    def of_public(cls, text: str) -> "Version":
        """Describe a version by its public part alone."""
        public = json.loads(text)
        return cls._of(public, public, text, None)

    @classmethod
    def _of(cls, whole: Json, public: Json, public_text: str, private_text: str | None) -> "Version":
        return cls(
            id=public["id"],
            type=public["type"],
            version=public["version"],
            updated_at=public["updated_at"],
            public_text=public_text,
            private_text=private_text,
            label=dumps(views.reference_label(public)),
            references=views.references(whole),
            external_ids={
                f"{entry['scheme']}#{entry['value']}": f"/external_ids/{position}"
                for position, entry in enumerate(public.get("external_ids", ()))
            },
            part_of=public.get("part_of"),
            grades=frozenset(grade["code"] for grade in public.get("membership_grades", ())),
            membership=_membership(public),
        )


def _membership(public: Json) -> Membership | None:
    if public["type"] != "membership":
        return None
    return Membership(
        public["network_id"],
        public["member_id"],
        grade=public.get("grade"),
        times={name: public[name] for name in ("since", "until", "as_of") if name in public},
    )
