"""The homepage's files: what of them can be told without a browser."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "infra" / "site"
MODULES = sorted(SITE.rglob("*.js"))
OWN = [*MODULES, *SITE.glob("*.css"), *SITE.glob("*.html")]
WHEN_TYPED = SITE / "app" / "suggest.js"
"""Loaded by whoever goes to the search."""
MOST_BYTES = 100_000
MOST_BYTES_TOGETHER = 165_000
"""Of all pages in one language."""
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bstyle[:=]"
IMPORTED = re.compile(r"""(?:from |import\()[`"](\.[^`"]+)""")


def imported(path: Path) -> set[Path]:
    return {(path.parent / name).resolve() for name in IMPORTED.findall(path.read_text("utf-8")) if "$" not in name}


def needed(*modules: Path) -> set[Path]:
    """Return the modules with all that they import, directly or not."""
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(imported(path))
    return found


def test_dates_words_and_addresses_are_right() -> None:
    node = shutil.which("node")
    assert node, "Node.js is needed. On Debian and Ubuntu: apt-get install nodejs"

    result = subprocess.run(
        [node, "--test", *map(str, sorted(Path(__file__).parent.glob("*.test.js")))],
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("view", sorted((SITE / "app" / "views").glob("*.js")), ids=lambda path: path.stem)
def test_no_page_needs_more_code_words_and_style_than_promised(view: Path) -> None:
    page = needed(SITE / "app" / "main.js", SITE / "app" / "words" / "de.js", view)

    size = sum(path.stat().st_size for path in [*(page - {WHEN_TYPED}), SITE / "index.html", SITE / "style.css"])

    assert size < MOST_BYTES


def test_all_pages_together_stay_as_small_as_they_are() -> None:
    others = [path for path in (SITE / "app" / "words").glob("*.js") if path.stem != "de"]

    assert sum(path.stat().st_size for path in OWN if path not in others) < MOST_BYTES_TOGETHER


def test_the_first_page_asks_for_all_that_it_needs_at_once() -> None:
    page = (SITE / "index.html").read_text(encoding="utf-8")
    start = [SITE / "app" / "main.js", SITE / "app" / "views" / "start.js", SITE / "app" / "words" / "de.js"]

    preloaded = {SITE / path for path in re.findall(r'(?:modulepreload" href|module" src)="/([^"]+)"', page)}

    assert preloaded == needed(*start) - {WHEN_TYPED}


def test_every_module_is_imported_by_one_that_is_used() -> None:
    views = (SITE / "app" / "views").glob("*.js")
    words = (SITE / "app" / "words").glob("*.js")

    assert needed(SITE / "app" / "main.js", *views, *words) == set(MODULES) - {SITE / "worker.js"}


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_from_outside_becomes_markup_code_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    banned = r"@import|url\(" if path.suffix == ".css" else MARKUP

    assert re.findall(banned, text) == []
    assert re.findall(r"""(?:src|href)=["']https?:|from ["']https?:""", text) == []
