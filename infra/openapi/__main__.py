"""Writes `infra/openapi.json`; with `--check`, tells whether it is what would be written."""

import argparse
import difflib
import json
import sys
from itertools import islice
from pathlib import Path

from infra.openapi.document import build

COMMITTED = Path(__file__).resolve().parents[1] / "openapi.json"
LINES_SHOWN = 40


def text() -> str:
    """Return the document as it is committed."""
    return json.dumps(build(), ensure_ascii=False, indent=2) + "\n"


def drift(committed: str, current: str) -> list[str]:
    """Return the first lines of the difference between two documents; none where they are equal."""
    lines = difflib.unified_diff(
        committed.splitlines(), current.splitlines(), "committed", "from the code", n=2, lineterm=""
    )
    return list(islice(lines, LINES_SHOWN))


def main() -> int:
    """Write or check; 1 with a diff on stderr where the committed document differs from the code."""
    parser = argparse.ArgumentParser(description="Write the OpenAPI document.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when it would change")
    if not parser.parse_args().check:
        COMMITTED.write_text(text(), encoding="utf-8")
        return 0
    difference = drift(COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else "", text())
    if difference:
        print(*difference, "", "The document and the code differ: run `make openapi`.", sep="\n", file=sys.stderr)
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
