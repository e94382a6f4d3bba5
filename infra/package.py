"""Builds what Lambda runs: `functions`, `shared` and the locked dependencies, trimmed and with bytecode.

`python3 -m infra.package --into FOLDER [--platform lambda|host]`; the same input always gives the same bytes.
"""

import argparse
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "package"
LOCK = ROOT / "requirements.lock"
SOURCES = ("functions", "shared")
DOCUMENT = ROOT / "infra" / "openapi.json"
"""The one file of another folder that a function serves."""
TIMESTAMP = 946_684_800
"""2000-01-01T00:00:00Z for every file, since zip archives know no year before 1980."""

OPERATIONS: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"}
    ),
    "lambda": frozenset({"Invoke"}),
    "s3": frozenset({"DeleteObject", "GetObject", "ListObjectVersions", "PutObject"}),
    "secretsmanager": frozenset({"GetSecretValue"}),
    "sqs": frozenset({"SendMessageBatch"}),
}
"""All operations that the artefact's botocore knows: reading the rest of its data would slow every cold start."""

BOTOCORE_DATA = frozenset({"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"})
SERVICE_DATA = ("service-2", "endpoint-rule-set-1")
STAND_INS: Mapping[str, str] = {
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": """\
class _Nothing(str):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


ClientMethodDocstring = PaginatorDocstring = WaiterDocstring = _Nothing
""",
    "urllib3/http2/__init__.py": "",
}
"""What takes the place of modules that every client imports and nobody uses: botocore's writer of documentation, which
is there for `help()`, and the way to switch HTTP/2 on, which looks for versions of packages."""
DOCUMENTING = frozenset({"botocore/docs/__init__.py", "botocore/docs/docstring.py", "botocore/docs/utils.py"})
"""All that is left of botocore's writer of documentation; its handlers use the last one."""
AUTHORITIES = (
    "Amazon Root CA 1",
    "Amazon Root CA 2",
    "Amazon Root CA 3",
    "Amazon Root CA 4",
    "Starfield Services Root Certificate Authority - G2",
)
"""The roots of every AWS endpoint, as named by Amazon Trust Services; a short bundle is read in less time."""

KEPT_METADATA = ("METADATA", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")


class PackagingError(Exception):
    """The artefact cannot be built; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """For which Python the artefact is built: pip's selection of wheels, and who can compile for it."""

    name: str
    version: tuple[int, int]
    selection: tuple[str, ...]

    def compiler(self) -> str | None:
        """Return a Python of this very version that really runs (a shim may exist and fail), or None."""
        return next((path for path in _pythons(self.version) if _runs(path, self.version)), None)


LAMBDA = Target(
    name="lambda",
    version=(3, 13),
    selection=(
        "--only-binary=:all:",
        "--implementation=cp",
        "--python-version=3.13",
        "--platform=manylinux_2_28_aarch64",
        "--platform=manylinux_2_17_aarch64",
        "--platform=manylinux2014_aarch64",
    ),
)
"""The runtime python3.13 on arm64: Amazon Linux 2023 with glibc 2.34."""

HOST = Target(name="host", version=(sys.version_info[0], sys.version_info[1]), selection=())
"""The interpreter at hand, to try the artefact where it was built."""


def build(target: Target, into: Path) -> None:
    """Put the artefact for `target` into the folder `into`; raises `PackagingError` when a step fails.

    All functions share one artefact: it is built once for the same input, then copied.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compiler = target.compiler()
        dependencies = _cached(
            f"{target.name}-dependencies",
            _digest([LOCK, Path(__file__)], target.name, str(target.version)),
            lambda folder: _install(target, folder),
        )
        if not DOCUMENT.exists():
            message = f"{DOCUMENT.relative_to(ROOT)} is missing; `make openapi` writes it"
            raise PackagingError(message)
        sources = [DOCUMENT, *(path for name in SOURCES for path in _files(ROOT / name))]
        artefact = _cached(
            f"{target.name}-artefact",
            _digest([*sources, LOCK, Path(__file__)], target.name, str(target.version), str(compiler is not None)),
            lambda folder: _assemble(dependencies, sources, compiler, folder),
        )
        shutil.copytree(artefact, into, dirs_exist_ok=True)
    if compiler is None:
        _warn_without_bytecode(target)


def _cached(kind: str, digest: str, make: Callable[[Path], None]) -> Path:
    """Return the finished folder of that digest, made in a hidden place first so that none is ever half there."""
    finished = CACHE / f"{kind}-{digest}"
    if not finished.is_dir():
        for outdated in CACHE.glob(f"{kind}-*"):
            shutil.rmtree(outdated)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="making-") as scratch:
            folder = Path(scratch) / "content"
            folder.mkdir()
            make(folder)
            _settle(folder)
            folder.rename(finished)
    return finished


def _install(target: Target, folder: Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", f"--target={folder}"]
    command = [sys.executable, "-m", "pip", "install", *options, *target.selection, "--requirement", str(LOCK)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode:
        message = f"pip could not fetch the locked dependencies for {target.name}:\n{result.stderr.strip()}"
        raise PackagingError(message)
    _trim(folder)
    _trim_botocore(folder / "botocore")
    _put_stand_ins(folder)


def _assemble(dependencies: Path, sources: Iterable[Path], compiler: str | None, folder: Path) -> None:
    shutil.copytree(dependencies, folder, dirs_exist_ok=True)
    for source in sources:
        copy = folder / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    if compiler is not None:
        # Unchecked: nobody edits a deployed file, and the check costs a read of each source in a cold start.
        options = ["-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", "/var/task"]
        command = [compiler, "-I", "-m", "compileall", *options, str(folder)]
        result = subprocess.run(command, check=False, capture_output=True, text=True)
        if result.returncode:
            message = f"the sources do not compile:\n{(result.stdout + result.stderr).strip()}"
            raise PackagingError(message)


def _trim(folder: Path) -> None:
    """Remove what no function reads at run time; licences stay, for they must go with the copies."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".pyi" or path.name == "py.typed":
            path.unlink(missing_ok=True)
        elif path.is_dir() and path.name in {"tests", "__pycache__"}:
            shutil.rmtree(path)
    for metadata in folder.glob("*.dist-info"):
        for path in _files(metadata):
            if not path.name.upper().startswith(KEPT_METADATA):
                path.unlink()


def _trim_botocore(botocore: Path) -> None:
    for path in (botocore / "data").iterdir():
        if path.is_dir() and path.name in OPERATIONS:
            _trim_service(path, OPERATIONS[path.name])
        elif path.is_dir():
            shutil.rmtree(path)
        elif path.name not in BOTOCORE_DATA:
            path.unlink()
    _trim_endpoints(botocore / "data" / "endpoints.json")
    _trim_bundle(botocore / "cacert.pem")


def _trim_service(service: Path, operations: frozenset[str]) -> None:
    """Keep the newest API version of a service, its endpoints, and the operations named with all their shapes."""
    *outdated, newest = sorted(service.iterdir())
    for path in outdated:
        shutil.rmtree(path)
    for path in newest.iterdir():
        if not path.name.startswith(SERVICE_DATA):
            path.unlink()
    packed = newest / "service-2.json.gz"
    model = json.loads(gzip.decompress(packed.read_bytes()))
    if missing := operations - model["operations"].keys():
        message = f"botocore's {service.name} knows no {', '.join(sorted(missing))}"
        raise PackagingError(message)
    model["operations"] = {name: model["operations"][name] for name in sorted(operations)}
    reachable = _reachable(model)
    model["shapes"] = {name: shape for name, shape in model["shapes"].items() if name in reachable}
    # botocore reads the documentation of these, and fails in every call where it is missing.
    settings = {name: model[name] for name in ("clientContextParams",) if name in model}
    text = json.dumps({**_without_documentation(model), **settings}, separators=(",", ":"))
    packed.write_bytes(gzip.compress(text.encode(), mtime=0))


def _trim_endpoints(path: Path) -> None:
    """Keep the regions of our services: the whole of it is a megabyte, which every client reads."""
    endpoints = json.loads(path.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in sorted(services.keys() & OPERATIONS.keys())}
    path.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


def _put_stand_ins(folder: Path) -> None:
    """Raises `PackagingError` where a module has moved, so that no stand-in lies beside the road."""
    for path in _files(folder / "botocore" / "docs"):
        if str(path.relative_to(folder)) not in DOCUMENTING:
            path.unlink()
    shutil.rmtree(folder / "botocore" / "docs" / "bcdoc")
    for name, text in STAND_INS.items():
        if not (folder / name).exists():
            message = f"{name} is no more; look where the clients import its like"
            raise PackagingError(message)
        (folder / name).write_text(text, encoding="utf-8")


def _reachable(model: dict[str, Any]) -> set[str]:
    """Return the names of all shapes that the operations of a service model lead to."""
    reached: set[str] = set()
    ahead = set(_shapes_named(model["operations"]))
    while ahead:
        reached |= ahead
        ahead = {name for known in ahead for name in _shapes_named(model["shapes"][known])} - reached
    return reached


def _shapes_named(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _shapes_named(value)
    elif isinstance(node, list):
        for value in node:
            yield from _shapes_named(value)


def _without_documentation(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        return {
            key: _without_documentation(value)
            for key, value in node.items()
            if not (key in {"documentation", "documentationUrl"} and isinstance(value, str))
        }
    if isinstance(node, list):
        return [_without_documentation(value) for value in node]
    return node


def _trim_bundle(bundle: Path) -> None:
    """Keep the certificates of `AUTHORITIES`, each found by the label above it."""
    certificates = {}
    label = ""
    lines: list[str] = []
    for line in bundle.read_text(encoding="ascii").splitlines():
        if line.startswith("# Label:"):
            label = line.partition('"')[2].rstrip('"')
        elif line.startswith("-----BEGIN"):
            lines = [line]
        elif line.startswith("-----END"):
            certificates[label] = "\n".join([*lines, line, ""])
        else:
            lines.append(line)
    if missing := [name for name in AUTHORITIES if name not in certificates]:
        message = f"botocore's bundle lacks {', '.join(missing)}"
        raise PackagingError(message)
    bundle.write_text("".join(certificates[name] for name in AUTHORITIES), encoding="ascii")


def _settle(folder: Path) -> None:
    """Give every file one time and plain permissions, so that equal content makes an equal archive."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".so" else 0o644)
        os.utime(path, (TIMESTAMP, TIMESTAMP))
    folder.chmod(0o755)


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )


def _digest(paths: Iterable[Path], *further: str) -> str:
    digest = hashlib.sha256("\0".join(further).encode())
    for path in paths:
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:20]


def _pythons(version: tuple[int, int]) -> Iterator[str]:
    """Yield where a Python of that version may be: at hand, on PATH, and where pyenv and uv put theirs."""
    dotted = ".".join(map(str, version))
    yield sys.executable
    for folder in os.get_exec_path():
        yield str(Path(folder) / f"python{dotted}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    for pattern in (f"versions/{dotted}*/bin/python{dotted}", f"cpython-{dotted}*/bin/python{dotted}"):
        for base in (pyenv, uv):
            yield from map(str, sorted(base.glob(pattern), reverse=True))


def _runs(path: str, version: tuple[int, int]) -> bool:
    program = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        result = subprocess.run([path, "-I", "-c", program], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.stdout.split() == ["cpython", *map(str, version)]


def _warn_without_bytecode(target: Target) -> None:
    dotted = ".".join(map(str, target.version))
    print(
        f"\n*** No Python {dotted} runs on this machine: the artefact has NO BYTECODE. It works, but a cold start"
        f"\n*** takes about three times as long. Install Python {dotted} (any way that puts python{dotted} on PATH)"
        "\n*** and build again before you deploy.\n",
        file=sys.stderr,
    )


def main() -> int:
    """Build what the command line asks for; 0, or 1 with the reason on stderr."""
    parser = argparse.ArgumentParser(description="Build the artefact that all functions share.")
    parser.add_argument("--into", type=Path, required=True, help="folder to fill")
    parser.add_argument("--platform", choices=[LAMBDA.name, HOST.name], default=LAMBDA.name)
    arguments = parser.parse_args()
    try:
        build({LAMBDA.name: LAMBDA, HOST.name: HOST}[arguments.platform], arguments.into)
    except PackagingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
