"""A DynamoDB that gives prepared answers over HTTP, the same to everybody who asks.

`python3 -m infra.bench.stub` reads the answers from the first line of its input, says on which port of 127.0.0.1 it
listens, and ends with its input. It is a process of its own, so that what it does counts for nobody.
"""

import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.bench.measuring import ROOT

Answers = Mapping[str, Mapping[str, Any]]
"""By operation and table, such as `GetItem OrganisationsTable`; `TransactWriteItems` names no table."""


@contextmanager
def answering(answers: Answers) -> Iterator[str]:
    """Give the endpoint of a stub for as long as the block lasts."""
    command = [sys.executable, "-m", "infra.bench.stub"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise OSError("The stub has no pipes.")
        process.stdin.write(f"{json.dumps(answers)}\n")
        process.stdin.flush()
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answers: Mapping[str, bytes] = {}

    def do_POST(self) -> None:
        """Answer one call."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        content = self.answers.get(f"{operation} {asked.get('TableName', '')}".strip())
        status = 200 if content is not None else 400
        content = content or b'{"__type":"com.amazonaws#ResourceNotFoundException","message":"Nothing was prepared."}'
        head = (
            f"HTTP/1.1 {status} OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(content)}\r\n"
            f"x-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {zlib.crc32(content)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> int:
    """Answer until the input ends."""
    answers: dict[str, Any] = json.loads(sys.stdin.readline())
    _Handler.answers = {name: json.dumps(answer).encode() for name, answer in answers.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
