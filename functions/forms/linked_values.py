"""Values of the register in the terms of linked data: dates, texts in languages, places, ids."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.models.dates import HOME_ZONE, is_date_time, parse, parse_date_time
from shared.models.regions import HOME_COUNTRY

Json = dict[str, Any]

_EXACT: Final = {"day": "Date", "month": "xsd:gYearMonth", "year": "xsd:gYear"}
"""Types of plain dates: schema.org's for a day, XML Schema's (part 2, section 3.3) for a month or a year."""
_ABOUT: Final = "edtf:EDTF-level1"
_ONE_OF: Final = "edtf:EDTF-level2"
"""Types of the Library of Congress: `2018~` needs level 1 of EDTF, `[..2015]` level 2."""
_SAME: Final[Mapping[str, tuple[str, str]]] = {
    "wikidata": ("http://www.wikidata.org/entity/", r"Q[1-9][0-9]*"),
    "ror": ("https://ror.org/", r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}"),
    "gnd": ("https://d-nb.info/gnd/", r"[0-9]+(-?[0-9X])?"),
    "viaf": ("http://viaf.org/viaf/", r"[1-9][0-9]*"),
    "isni": ("https://isni.org/isni/", r"[0-9]{15}[0-9X]"),
    "grid": ("https://www.grid.ac/institutes/", r"grid\.[0-9]+\.[0-9a-f]+"),
}
"""Where the public schemes say of a thing what it is, and what their ids look like there."""
_PROPERTY: Final[Mapping[str, str]] = {"lei": "leiCode", "vat": "vatID"}


def present(**fields: object) -> Json:
    """Return the fields that have something to say."""
    return {name: value for name, value in fields.items() if value not in (None, [], {}, "")}


def date(text: str | None) -> str | Json | None:
    """Return a date no more precise than known: a day as text, all else as a value of a type that can say it."""
    if text is None:
        return None
    known = parse(text)
    if known.open_start or known.open_end:
        return {"@type": _ONE_OF, "@value": text}
    if known.about:
        return {"@type": _ABOUT, "@value": text}
    return text if known.precision == "day" else {"@type": _EXACT[known.precision], "@value": text}


def moment(text: str | None, zone: str | None) -> str | Json | None:
    """Return a date as `date` does, a local time with the offset that its zone had then (RFC 3339)."""
    if text is None or not is_date_time(text):
        return date(text)
    there = parse_date_time(text).replace(tzinfo=ZoneInfo(zone or HOME_ZONE))
    return {"@type": "DateTime", "@value": there.isoformat()}


def instant(text: str | None) -> Json | None:
    """Return a moment in UTC."""
    return None if text is None else {"@type": "DateTime", "@value": text}


def texts(localised: Mapping[str, str] | None) -> list[Json]:
    """Return a text with the tag of each of its languages (BCP 47)."""
    return [{"@language": tag, "@value": text} for tag, text in sorted((localised or {}).items())]


def period(statement: Mapping[str, Any]) -> Json:
    """Return since when and until when a statement holds, as far as it says."""
    return present(startDate=date(statement.get("since")), endDate=date(statement.get("until")))


def address(place: Mapping[str, Any]) -> Json | None:
    """Return the postal address of a place, None where only its name or point is known."""
    known = present(
        streetAddress=place.get("street"),
        postalCode=place.get("postal_code"),
        addressLocality=place.get("city"),
        addressRegion=place.get("region"),
    )
    country = place.get("country", HOME_COUNTRY)
    return {"@type": "PostalAddress", **known, **present(addressCountry=country)} if known else None


def location(place: Mapping[str, Any] | None) -> list[Json]:
    """Return the place where something is, and the address at which it can be followed from afar."""
    if place is None:
        return []
    point = place.get("location")
    there = present(
        name=place.get("name"),
        address=address(place),
        geo=point and {"@type": "GeoCoordinates", "latitude": point["lat"], "longitude": point["lon"]},
    )
    online = place.get("online_url")
    found: list[Json] = [{"@type": "Place", **there}] if there else []
    return found + ([{"@type": "VirtualLocation", "url": online}] if online else [])


def identifiers(external_ids: Iterable[Mapping[str, str]]) -> Json:
    """Return external ids: as properties of their own, as the same thing elsewhere, or with their scheme."""
    found: Json = {}
    same, named = [], []
    for each in external_ids:
        scheme, value = each["scheme"], each["value"]
        if scheme in _SAME:
            place, pattern = _SAME[scheme]
            bare = value.removeprefix(place).replace(" ", "")
            same += [place + bare] if re.fullmatch(pattern, bare) else []
        if scheme in _PROPERTY:
            found.setdefault(_PROPERTY[scheme], value)
        named.append({"@type": "PropertyValue", "propertyID": scheme, "value": value})
    return {**found, **present(sameAs=same, identifier=named)}
