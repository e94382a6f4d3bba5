"""The rules that no JSON Schema can tell: a request may fit the document and break them, and is refused rightly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a schema cannot tell it; where its code says little, of which operations and fields it is."""

    why: str
    operations: str = ".*"
    pointers: str = ".*"


BEYOND: Final[Mapping[str, Rule]] = {
    "malformed-cursor": Rule("A cursor is a value that the register gave, and belongs to one query."),
    "foreign-cursor": Rule("The same."),
    "contradicting-parameters": Rule("What parameters say together: `from` after `to`, `view` with `as_of`."),
    "unknown-reference": Rule("Which records there are."),
    "wrong-record-type": Rule("An external id may be that of a record of another type."),
    "unknown-grade": Rule("Which grades the network offers."),
    "unknown-source": Rule("Statements name their sources by keys of the same record."),
    "duplicate-source": Rule("Keys of sources differ from one another, whatever else stands beside them."),
    "duplicate-person": Rule("The same, of persons."),
    "duplicate-external-id": Rule("The same, of external ids; their white space counts for nothing."),
    "other-network": Rule("The network of the body is the one in the path."),
    "party-twice": Rule("One entry for each organisation and period, rival statements apart."),
    "too-few-parties": Rule("How many parties a cooperation needs depends on its kind and on their roles."),
    "max-below-min": Rule("One value is compared with another."),
    "end-before-start": Rule("The same, of dates that may be known to a year only."),
    "mixed-precision": Rule("Two dates are both known to the minute, or neither is."),
    "no-such-time": Rule("Clocks of a zone leave an hour out in spring."),
    "time-zone": Rule("The names that the IANA database has change several times a year."),
    "partial-date": Rule("A pattern knows no February."),
    "invalid-parameter": Rule("The same, in a query.", pointers="as_of|from|to"),
    "moment": Rule("How long ago something was.", pointers="/since"),
    "challenge-failed": Rule("Whether somebody answers at an address."),
    "server-kept": Rule("What the register keeps may be sent back as it was read, and not otherwise."),
    "relation-to-itself": Rule("A record does not name itself, by its id or by an external one."),
    "member-of-itself": Rule("The same."),
    "part-of-itself": Rule("The same."),
    "cycle": Rule("What other records are parts of."),
    "too-deep": Rule("The same."),
    "pair-is-fixed": Rule("A membership stays that of its two organisations."),
    "too-many-references": Rule("How many records all fields together name."),
    "record-too-large": Rule("How much all fields together hold."),
    "too-many": Rule(
        "A new record has fewer external ids than one to which others added theirs.", pointers="/external_ids"
    ),
    "too-few": Rule(
        "Lines that are blank are no rows, and a patch may take away the last language.", "POST /imports|PATCH .*"
    ),
    "required": Rule("A part that is not there yet has to be sent whole.", "PATCH .*", "/.+/.+"),
}
"""By the codes of faults."""


def is_beyond(operation: str, fault: Mapping[str, Any]) -> bool:
    """Tell whether a fault is the breach of such a rule, in an operation such as `POST /events`."""
    rule = BEYOND.get(fault["code"])
    place = fault.get("pointer") or fault.get("parameter") or ""
    return rule is not None and all(
        re.fullmatch(pattern, text) for pattern, text in ((rule.operations, operation), (rule.pointers, place))
    )
