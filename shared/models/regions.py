"""What regions are called, and the country of a place that names none."""

from collections.abc import Mapping
from typing import Final

HOME_COUNTRY: Final = "DE"
_GERMANY: Final[Mapping[str, tuple[str, str]]] = {
    "DE-BB": ("Brandenburg", "Brandenburg"),
    "DE-BE": ("Berlin", "Berlin"),
    "DE-BW": ("Baden-Württemberg", "Baden-Württemberg"),
    "DE-BY": ("Bayern", "Bavaria"),
    "DE-HB": ("Bremen", "Bremen"),
    "DE-HE": ("Hessen", "Hesse"),
    "DE-HH": ("Hamburg", "Hamburg"),
    "DE-MV": ("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
    "DE-NI": ("Niedersachsen", "Lower Saxony"),
    "DE-NW": ("Nordrhein-Westfalen", "North Rhine-Westphalia"),
    "DE-RP": ("Rheinland-Pfalz", "Rhineland-Palatinate"),
    "DE-SH": ("Schleswig-Holstein", "Schleswig-Holstein"),
    "DE-SL": ("Saarland", "Saarland"),
    "DE-SN": ("Sachsen", "Saxony"),
    "DE-ST": ("Sachsen-Anhalt", "Saxony-Anhalt"),
    "DE-TH": ("Thüringen", "Thuringia"),
}
"""ISO 3166-2:DE, in German and English."""


def region_text(code: str) -> Mapping[str, str]:
    """Return the name of a region as a localised text; of one outside Germany its code (ISO 3166-2)."""
    german, english = _GERMANY.get(code, (code, code))
    return {"de": german, "en": english}
