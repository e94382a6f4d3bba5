"""The folders that would be deployed: ours as it ships, and for each rival what pip installs for it.

All have bytecode that is never checked, though the tools of the others ship none: what is compared is code.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from infra import package
from infra.bench.measuring import ROOT

PACKAGES = ROOT / ".cache" / "bench"
LOCKS = ROOT / "infra" / "locks"
ENVIRONMENTS = {"dev": ".venv", "bench": ".venv-bench"}
OWN = ("infra/__init__.py", "infra/bench/__init__.py", "infra/bench/rivals", "shared")
"""What every rival ships of this repository: its own module, the store and the model."""


def ours() -> Path:
    """Our artefact for the Python at hand."""
    folder = PACKAGES / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    package.build(package.HOST, folder)
    return folder


def of_rival(name: str, environment: str, roots: Sequence[str], alone: Sequence[str] = ()) -> Path:
    """The folder of a rival: `roots` with all that they require, and those of `alone` without.

    They are taken from the environment of that name, `dev` or `bench`; raises OSError where one is missing there.
    """
    lock = (LOCKS / f"{environment}.lock").read_bytes()
    digest = sha256(lock + repr((roots, alone, sys.version)).encode()).hexdigest()[:12]
    site = ROOT / ENVIRONMENTS[environment] / "lib" / f"python3.{sys.version_info[1]}" / "site-packages"
    folder = PACKAGES / f"{name}-{digest}"
    if not folder.is_dir():
        for outdated in PACKAGES.glob(f"{name}-*"):
            shutil.rmtree(outdated)
        draft = PACKAGES / f"draft-{name}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _install({*_required(roots, site), *alone}, site, draft)
        _compile(draft)
        draft.rename(folder)
    for each in OWN:
        _copy(ROOT / each, folder / each)
    _compile(folder / "infra")
    _compile(folder / "shared")
    return folder


def size(folder: Path) -> int:
    """Bytes of all files, as Lambda counts them against its limit of 250 MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _distribution(name: str, site: Path) -> Distribution:
    found = next(iter(distributions(name=name, path=[str(site)])), None)
    if found is None:
        raise OSError(f"{name} is missing in {site}; `make bench` puts it there.")
    return found


def _required(roots: Iterable[str], site: Path) -> set[str]:
    """Names of distributions that pip would install for these."""
    seen: set[str] = set()
    ahead = list(roots)
    while ahead:
        name = re.sub(r"[-_.]+", "-", ahead.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        wanted = [Requirement(text) for text in _distribution(name, site).requires or ()]
        ahead += [each.name for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
    return seen


def _install(names: Iterable[str], site: Path, folder: Path) -> None:
    """Put the files of installed distributions into a folder, as links, without their programs and bytecode."""
    for name in names:
        for file in _distribution(name, site).files or ():
            if ".." in file.parts or "__pycache__" in file.parts:
                continue
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(Path(str(file.locate())), target)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    else:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _compile(folder: Path) -> None:
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
