"""The operator's command for partners' keys: `make key ARGS="create --organisation org_… --scopes events:write"`.

It works on the running local register (`DATA_DIR`), or with `--stack` on one that is deployed, whose settings it reads
from the stack's own writer function. A new key stands alone on the last line, and nowhere else.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence

from infra.registers import FAILURES, add_choice, chosen, tables, told
from shared.budget import spending
from shared.caller import PUBLIC_SCHEMES, SCOPES
from shared.errors import ProblemError
from shared.http.parameters import INSTANT
from shared.models.ids import OWN_SCHEME
from shared.tables.partners import Partners
from shared.tables.secrets import Peppers

_SECONDS = 10.0
"""After which a register that does not answer is given up."""


def partners(environment: Mapping[str, str]) -> Partners:
    """Give the keys of the register that the functions with this environment serve."""
    held = tables(environment)
    return Partners(held, Peppers(held.settings), held.settings.key_environment)


def office_key(environment: Mapping[str, str]) -> str:
    """Make a key of the register's own office; raises `OSError` when that is impossible."""
    try:
        with spending(_SECONDS):
            return partners(environment).create(None, ["admin"]).text()
    except ProblemError as problem:
        raise OSError(problem.detail) from problem


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with spending(_SECONDS):
            _act(partners(chosen(options.stack)), options)
    except FAILURES as problem:
        print(told(problem), file=sys.stderr)
        return 1
    return 0


def _act(known: Partners, options: argparse.Namespace) -> None:
    match options.action:
        case "create":
            key = known.create(options.organisation, options.scopes, ends_at=options.expires, prefix=options.prefix)
            print(f"A key of {options.organisation or 'the office'} for {', '.join(options.scopes)}:")
            print(key.text())
        case "list":
            for held in known.listed(options.organisation):
                print(json.dumps(held, ensure_ascii=False))
        case "rotate":
            key = known.rotate(options.id)
            print(f"The old key goes on until you revoke it: revoke {options.id}")
            print(key.text())
        case "revoke":
            known.revoke(options.id)
            print("Revoked; it stops within 30 seconds.")


def _scopes(text: str) -> list[str]:
    scopes = text.split(",")
    if not set(scopes) <= set(SCOPES):
        raise argparse.ArgumentTypeError(f"use some of {', '.join(SCOPES)}, separated by commas")
    return scopes


def _moment(text: str) -> str:
    try:
        return INSTANT.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError("use RFC 3339, such as 2027-12-31T23:59:59Z") from None


def _prefix(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_-]{1,23}", text) is None or text in {*PUBLIC_SCHEMES, OWN_SCHEME}:
        raise argparse.ArgumentTypeError("use 2 to 24 of a-z, 0-9, _ and -, beginning with a letter; no public scheme")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make key ARGS=…", description="Keys of partners.")
    add_choice(parser)
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="make a key")
    create.add_argument("--organisation", help="whose it is; without it, the register's own office")
    create.add_argument("--scopes", type=_scopes, required=True, help=", ".join(SCOPES))
    create.add_argument("--prefix", type=_prefix, help="what the schemes of its own external ids begin with: itnet")
    create.add_argument("--expires", type=_moment, help="RFC 3339, such as 2027-12-31T23:59:59Z")
    listing = actions.add_parser("list", help="show live keys")
    listing.add_argument("--organisation", help="whose; without it, the office's")
    for action, text in (("rotate", "make a second key like this one"), ("revoke", "end a key")):
        actions.add_parser(action, help=text).add_argument("id", help="the part of the key between crk_…_ and _")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
