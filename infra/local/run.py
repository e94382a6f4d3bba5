"""`make run`: engine, tables, gateway and sample data, started, reloaded on change, and ended in good order."""

import errno
import importlib
import json
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.engine import ROOT, RUNNING, EngineFailed, RunningEngine, start_engine
from infra.local.functions import Functions, Schedules, resolved
from infra.local.gateway import Gateway
from infra.local.holding import hold
from infra.local.queues import Queues, queue_file
from infra.local.reload import Handover, Watch
from infra.local.site import Front, Site
from infra.local.tables import create_tables, patiently
from infra.local.wire import Server, listen
from infra.template import Template, TemplateError

_REGION = "eu-central-1"
_DEPLOYED_ONLY = frozenset({"SECRET", "SNAPSHOT_FUNCTION", "JOBS_FUNCTION", "EXPORT_FUNCTION"})
_NAMES = {"AWS::Region": _REGION, "AWS::AccountId": "000000000000", "AWS::Partition": "aws"}
_QUEUES = "queues"
_LOOK_SECONDS = 0.5
_LONGEST_LOG = 50_000_000
_GRACE_SECONDS = 5.0
_LOCK_SECONDS = 2.0


class CannotRun(Exception):
    """Something on this machine is missing or taken; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the environment says of this run."""

    host: str
    port: int
    data: Path
    sample_data: bool
    endpoint: str | None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Options":
        """Read `HOST`, `PORT`, `DATA_DIR`, `SAMPLE_DATA` and `DYNAMODB_ENDPOINT`; raises `CannotRun`."""
        port = environment.get("PORT") or "8000"
        if not port.isdecimal() or not 0 <= int(port) <= 65_535:  # noqa: PLR2004 - the ports of TCP
            raise CannotRun("PORT is a number up to 65535, 0 for any that is free.")
        return cls(
            host=environment.get("HOST") or "127.0.0.1",
            port=int(port),
            data=(ROOT / (environment.get("DATA_DIR") or ".local/data")).resolve(),
            sample_data=(environment.get("SAMPLE_DATA") or "1") not in {"0", "false", "no"},
            endpoint=environment.get("DYNAMODB_ENDPOINT") or None,
        )


def main() -> int:
    """Run until a signal ends it; returns the exit status."""
    environment = dict(os.environ)
    try:
        return _run(Options.of(environment), environment)
    except (CannotRun, EngineFailed, TemplateError) as problem:
        print(f"\n{problem}\n", file=sys.stderr)
        return 1


def _run(options: Options, environment: dict[str, str]) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    watch = Watch(ROOT)  # before anything is read, or a change made meanwhile would go unseen
    template = Template.read(names=_NAMES)
    handover = Handover.received(environment)
    first = handover is None
    if handover is None:
        handover = _first_start(options, environment)
    engine = handover.engine
    listener = socket.socket(fileno=handover.listener)
    reload = False
    try:
        endpoint = engine.endpoint if engine else options.endpoint
        _set_environment(template, options, endpoint or "")
        prepared = _prepare_tables(template, options, engine)
        log = _log(options.data / "functions.log")
        functions = Functions(template.functions, log)
        gateway = Gateway(template, functions)
        front = Front(template.stage, gateway.respond, Site(template.site_headers))
        server = Server(listener, front.respond, gateway.refuse)
        schedules = Schedules(functions, template.functions)
        server.start()
        schedules.start()
        queues = Queues(functions, template.functions, options.data / _QUEUES) if prepared else None
        if queues:
            queues.start()
        base_url = f"http://{_address(listener)}/{template.stage}"
        admin = _admin_key(options) if prepared else ""
        _greet(options, base_url, admin, first=first)
        if options.sample_data and prepared:
            threading.Thread(target=_load_sample, args=(options, base_url, admin), daemon=True).start()
        reload = _wait(stop, watch, engine)
        schedules.stop()
        if queues:
            queues.stop()
        server.stop(_GRACE_SECONDS)
    finally:
        if not reload:
            listener.close()
            if engine:
                engine.stop()
    if reload:
        kept = replace(engine, unclean=engine.unclean and not prepared) if engine else None
        Handover(handover.lock, listener.detach(), kept).pass_on(environment)
    print("Stopped; the data stays where it is.", flush=True)
    return 0


def _log(path: Path) -> TextIO:
    """Open the log of all functions at its end; one that is long when the server starts is put aside, with `.1`."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > _LONGEST_LOG:
            path.replace(path.with_name(f"{path.name}.1"))
    return path.open("a", encoding="utf-8", buffering=1)


def _first_start(options: Options, environment: Mapping[str, str]) -> Handover:
    """Take the data, the address and an engine; raises `CannotRun` or `EngineFailed` and leaves nothing running."""
    lock = _take_data(options)
    try:
        listener = listen(options.host, options.port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            advice = f"Something else answers there; take another port: PORT={options.port + 1} make run"
        else:
            advice = "Is HOST an address of this machine, and may you listen there?"
        raise CannotRun(f"Cannot listen on {options.host}:{options.port}: {problem.strerror}. {advice}") from problem
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()}, http://{_address(listener)}\n".encode(), 0)
    try:
        engine = None if options.endpoint else start_engine(options.data / "engine", environment)
    except EngineFailed:
        listener.close()
        raise
    return Handover(lock, listener.detach(), engine)


def _take_data(options: Options) -> int:
    """Return the lock on the data folder, held for as long as this process lives; raises `CannotRun`."""
    try:
        (options.data / "snapshots").mkdir(parents=True, exist_ok=True)
        lock = os.open(options.data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise CannotRun(
            f"Cannot write to {options.data}: {problem.strerror}. Name another folder: DATA_DIR=… make run"
        ) from problem
    if not hold(lock, _LOCK_SECONDS):
        who = os.pread(lock, 200, 0).decode(errors="replace").strip()
        raise CannotRun(
            f"The register already runs on {options.data} ({who}). Use that one, or DATA_DIR=… PORT=… make run"
        )
    return lock


def _set_environment(template: Template, options: Options, endpoint: str) -> None:
    """Tell the functions what AWS would, and keep the developer's own AWS settings away from them."""
    told: dict[str, str] = {}
    for function in template.functions:
        for name, value in function.environment.items():
            if told.setdefault(name, value) != value:
                raise TemplateError(f"{name} differs between functions, which share one process here.")
    told |= {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_REGION": _REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "DYNAMODB_ENDPOINT": endpoint,
        "PROJECTION": str(options.data / "projection.sqlite"),
        "SNAPSHOTS": str(options.data / "snapshots"),
        "KEY_ENVIRONMENT": "local",
        "PEPPERS": _kept(options.data / "pepper", secrets.token_hex(32)),
        "WEBHOOKS_TO_LOCALHOST": "1",
        "RUNS_ON": "1",
    }
    sources = {source.logical_id for function in template.functions for source in function.queues}
    told |= {name: str(queue_file(options.data / _QUEUES, value)) for name, value in told.items() if value in sources}
    for name in _DEPLOYED_ONLY:
        told.pop(name, None)
    for name in [name for name in os.environ if name.startswith("AWS_") or name in _DEPLOYED_ONLY]:
        del os.environ[name]
    os.environ.update(told)
    _write_secretly(options.data / RUNNING, json.dumps(told))


def _kept(path: Path, fresh: str) -> str:
    """Return what the file holds, which is written at the first start."""
    if not path.exists():
        _write_secretly(path, fresh)
    return path.read_text(encoding="utf-8").strip()


def _write_secretly(path: Path, text: str) -> None:
    """Write a file, whole, that only its owner may read."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _admin_key(options: Options) -> str:
    """Return the office's key, made at the first start of a register; raises `CannotRun`."""
    path = options.data / "admin.key"
    if not path.exists():
        try:
            key = importlib.import_module("infra.keys").office_key(os.environ)
        except OSError as problem:
            raise CannotRun(f"{path} is missing, and no other key can be made: {problem}") from problem
        _write_secretly(path, f"{key}\n")
    return path.read_text(encoding="utf-8").strip()


def _prepare_tables(template: Template, options: Options, engine: RunningEngine | None) -> bool:
    """Create what is missing, begin a new epoch where the register is new or went back, and return whether that went.

    It does not where the code under work is broken; then nothing else runs either until it is mended.
    """
    found = resolved("infra.keys:office_key", "shared.tables.client:connect", "shared.tables.feed:renew_epoch")
    if found is None:
        return False
    _, connect, renew_epoch = found
    unclean = engine is not None and engine.unclean
    try:
        client = connect(os.environ["DYNAMODB_ENDPOINT"])
        created = create_tables(client, template.tables)
        if created or unclean:
            patiently(lambda: renew_epoch(client, os.environ["REGISTER_TABLE"]))
    except (BotoCoreError, ClientError, ValueError) as problem:  # ValueError: that is no address
        raise CannotRun(f"No DynamoDB answers at {os.environ['DYNAMODB_ENDPOINT']}: {problem}") from problem
    if unclean:
        print("The engine's last run was cut off; the lists are built anew.", flush=True)
    if engine:
        engine.unclean_start_settled()
    if created:
        for name in ("sample-loaded", "admin.key"):
            (options.data / name).unlink(missing_ok=True)
    return True


def _greet(options: Options, base_url: str, admin: str, *, first: bool) -> None:
    if not first:
        print("The code has changed; the server runs anew.", flush=True)
        return
    print(
        f"Clusterregister answers at {base_url}\n"
        f"  site   {base_url.rpartition('/')[0]}/\n"
        f"  docs   {base_url}/docs\n"
        f"  try    curl {base_url}/organisations\n"
        f"  data   {options.data}\n"
        f"  log    {options.data / 'functions.log'}\n"
        f"  key    {admin} (admin; it stands in {options.data / 'admin.key'})\n"
        f"  stop   Ctrl-C",
        flush=True,
    )


def _load_sample(options: Options, base_url: str, key: str) -> None:
    """Load the sample data through the API, once for a data folder; what fails is tried again at the next start."""
    marker = options.data / "sample-loaded"
    if marker.exists():
        return
    # Code under work that cannot be imported ends this thread with its traceback; the register runs without the data.
    loading = importlib.import_module("infra.load_sample")
    try:
        report = loading.load(base_url, key=key)
    except (OSError, loading.LoadError) as problem:
        print(
            f"The sample data could not be loaded: {problem}\nThe next start tries again.", file=sys.stderr, flush=True
        )
        return
    marker.touch()
    print(f"The sample data is there: {report.created} records new, {report.present} from before.", flush=True)


def _wait(stop: threading.Event, watch: Watch, engine: RunningEngine | None) -> bool:
    """Return True when the code has changed, False when it is time to end; raises `CannotRun` if the engine ends."""
    while not stop.wait(_LOOK_SECONDS):
        if engine and engine.has_ended():
            raise CannotRun(
                f"The DynamoDB engine has ended:\n{engine.last_words()}\n"
                "Nothing that was acknowledged is lost. Start again: make run"
            )
        if watch.has_changed():
            try:
                Template.read(names=_NAMES)
            except TemplateError as problem:
                print(f"{problem} Waiting for it to be mended.", file=sys.stderr, flush=True)
                continue
            return True
    return False


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
