"""What feeds say of a record."""

from typing import Any

from functions.feeds.words import line
from functions.feeds.written import Entry
from shared.http.addresses import address
from shared.models import ids
from shared.models.languages import Language
from shared.tables.feed import stamp_of


def entry(summary: dict[str, Any], origin: str, language: Language, today: str) -> Entry:
    """Return the entry of a record from its summary; its address begins with where the API is."""
    return Entry(
        id=summary["id"],
        address=origin + address(summary),
        title=line(summary, language, today),
        # Ids are drawn before the first version is stamped, but perhaps by another clock.
        published=min(stamp_of(ids.milliseconds_of(summary["id"]) / 1000), summary["updated_at"]),
        updated=summary["updated_at"],
        topics=summary.get("topics", ()),
        website=summary.get("website"),
    )
