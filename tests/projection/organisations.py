"""Real organisations: public records where they lie beside the project, else the few that stand here."""

import json
from pathlib import Path

from tests.projection.register import Json

PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data" / "ror-de-at-ch.ndjson"
"""Public records of research organisations (ROR, CC0), which are no part of the project."""

_OWN = """
Technische Universität Ilmenau | TU Ilmenau | Ilmenau | https://www.tu-ilmenau.de
Bauhaus-Universität Weimar | | Weimar | https://www.uni-weimar.de
Hochschule für Musik Franz Liszt Weimar | HfM | Weimar | https://www.hfm-weimar.de
Friedrich-Schiller-Universität Jena | FSU | Jena | https://www.uni-jena.de
Ernst-Abbe-Hochschule Jena | EAH | Jena | https://www.eah-jena.de
Universitätsklinikum Jena | UKJ | Jena | https://www.uniklinikum-jena.de
Leibniz-Institut für Photonische Technologien | IPHT | Jena | https://www.leibniz-ipht.de
Leibniz-Institut für Alternsforschung | FLI | Jena | https://www.leibniz-fli.de
Max-Planck-Institut für Biogeochemie | MPI-BGC | Jena | https://www.bgc-jena.mpg.de
Max-Planck-Institut für chemische Ökologie | MPI-CE | Jena | https://www.ice.mpg.de
Fraunhofer-Institut für Angewandte Optik und Feinmechanik | IOF | Jena | https://www.iof.fraunhofer.de
Universität Erfurt | | Erfurt | https://www.uni-erfurt.de
Fachhochschule Erfurt | FHE | Erfurt | https://www.fh-erfurt.de
Hochschule Schmalkalden | | Schmalkalden | https://www.hs-schmalkalden.de
Hochschule Nordhausen | | Nordhausen | https://www.hs-nordhausen.de
Universität Leipzig | | Leipzig | https://www.uni-leipzig.de
Hochschule für Technik, Wirtschaft und Kultur Leipzig | HTWK | Leipzig | https://www.htwk-leipzig.de
Helmholtz-Zentrum für Umweltforschung | UFZ | Leipzig | https://www.ufz.de
Max-Planck-Institut für evolutionäre Anthropologie | MPI-EVA | Leipzig | https://www.eva.mpg.de
Technische Universität Dresden | TUD | Dresden | https://tu-dresden.de
Hochschule für Technik und Wirtschaft Dresden | HTW | Dresden | https://www.htw-dresden.de
Technische Universität Chemnitz | TUC | Chemnitz | https://www.tu-chemnitz.de
Martin-Luther-Universität Halle-Wittenberg | MLU | Halle | https://www.uni-halle.de
Burg Giebichenstein Kunsthochschule Halle | | Halle | https://www.burg-halle.de
Otto-von-Guericke-Universität Magdeburg | OVGU | Magdeburg | https://www.ovgu.de
Hochschule Magdeburg-Stendal | | Magdeburg | https://www.h2.de
Hochschule Harz | | Wernigerode | https://www.hs-harz.de
Hochschule Merseburg | | Merseburg | https://www.hs-merseburg.de
"""


def real_organisations() -> list[Json]:
    """Give their records, without external ids."""
    if not PUBLIC.exists():
        return [_own(*map(str.strip, line.split("|"))) for line in _OWN.strip().splitlines()]
    return [_public(json.loads(line)) for line in PUBLIC.read_text(encoding="utf-8").splitlines()]


def _own(name: str, short: str, city: str, website: str) -> Json:
    others = [{"value": short, "kind": "short"}] if short else []
    return _organisation(name, others, city, website)


def _public(entry: Json) -> Json:
    shown = next(name for name in entry["names"] if "ror_display" in name["types"])
    others = [
        {"value": name["value"], "kind": "short" if "acronym" in name["types"] else "alias"}
        for name in entry["names"]
        if name is not shown
    ]
    website = next((link["value"] for link in entry["links"] if link["type"] == "website"), None)
    return _organisation(shown["value"], others, entry["locations"][0]["geonames_details"]["name"], website)


def _organisation(name: str, others: list[Json], city: str, website: str | None) -> Json:
    offices = [{"kind": "seat", "place": {"city": city}}]
    record = {"name": name, "kind": "research_institute", "other_names": others, "offices": offices, "website": website}
    return {field: value for field, value in record.items() if value}
