"""The homepage as CloudFront would serve it: files, pages, and nothing else of this machine."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra import site_files
from infra.local.site import Front, Site
from infra.local.wire import Request, Response

SECURITY = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
PAGE = "<!doctype html><title>Über uns</title>" + "<p>Netz</p>" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "app").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "app" / "start.js").write_text("export default 1;\n", encoding="utf-8")
    (folder / "app" / "types.d.ts").write_text("export type A = 1;\n", encoding="utf-8")
    (folder / ".draft.html").write_text("a draft", encoding="utf-8")
    (folder / "picture.webp").write_bytes(b"\0" * 2_000)
    (tmp_path / "secret.txt").write_text("a secret", encoding="utf-8")
    return folder


def ask(folder: Path, path: str, method: str = "GET", **headers: str) -> Response:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Site(SECURITY, folder).respond(Request(method, path, "HTTP/1.1", fields, b"", "127.0.0.1"))


def fields(response: Response) -> Mapping[str, str]:
    return dict(response.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/de",
        "/de/organisations/org_01JZ",
        "/de/organisations/org_01JZ.",
        "/en/search?q=a.b",
        "//v1/events",
        "/v1",
        "/%C3%A4",
    ],
)
def test_every_page_is_drawn_by_the_same_file(folder: Path, path: str) -> None:
    response = ask(folder, path)

    etag = fields(response)["ETag"]
    expected = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": etag,
        "Vary": "Accept-Encoding",
        **SECURITY,
    }
    assert response == Response(200, tuple(expected.items()), PAGE.encode())


def test_a_file_is_given_with_its_media_type(folder: Path) -> None:
    script, picture = ask(folder, "/app/start.js"), ask(folder, "/picture.webp")

    assert (script.status, script.body) == (200, b"export default 1;\n")
    assert fields(script)["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Vary" not in fields(script)
    assert (picture.status, fields(picture)["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/app/types.d.ts",
        "/.draft.html",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/app/../../secret.txt",
        "/app/..%5c..%5csecret.txt",
        "//secret.txt",
        "/index.html%00.js",
        "/app/.",
        "/..",
        "/index.html/x.js",
    ],
)
def test_what_is_no_file_of_the_homepage_is_not_there(folder: Path, path: str) -> None:
    response = ask(folder, path, accept_encoding="gzip")

    expected = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", **SECURITY}
    assert response == Response(404, tuple(expected.items()), b"There is no such file.\n")


def test_what_a_browser_has_is_not_sent_again(folder: Path) -> None:
    etag = fields(ask(folder, "/de"))["ETag"]

    answers = [ask(folder, "/en", if_none_match=f'"other", W/{etag}'), ask(folder, "/de", if_none_match='"other"')]

    expected = {"Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept-Encoding", **SECURITY}
    assert answers[0] == Response(304, tuple(expected.items()))
    assert answers[1].status == 200


def test_a_changed_file_is_sent_again(folder: Path) -> None:
    etag = fields(ask(folder, "/"))["ETag"]
    (folder / "index.html").write_text(f"{PAGE}!", encoding="utf-8")

    response = ask(folder, "/", if_none_match=etag)

    assert (response.status, response.body) == (200, f"{PAGE}!".encode())


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip", True), ("br;q=1, gzip;q=0.5", True), ("GZIP, deflate", True), ("gzip;q=0", False), ("br", False)],
)
def test_text_is_compressed_for_whoever_takes_it(folder: Path, accepted: str, compressed: bool) -> None:  # noqa: FBT001 - a column of the table
    response = ask(folder, "/", accept_encoding=accepted)

    assert fields(response).get("Content-Encoding") == ("gzip" if compressed else None)
    assert fields(response)["ETag"].startswith("W/") is compressed
    assert (gzip.decompress(response.body) if compressed else response.body) == PAGE.encode()


def test_pictures_and_small_files_are_sent_as_they_are(folder: Path) -> None:
    answers = [ask(folder, path, accept_encoding="gzip") for path in ("/picture.webp", "/app/start.js")]

    assert [fields(answer).get("Content-Encoding") for answer in answers] == [None, None]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_nothing_can_be_done_but_read(folder: Path, method: str) -> None:
    response = ask(folder, "/", method)

    assert (response.status, fields(response)["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("target", "answering"),
    [
        ("/v1/events", "api"),
        ("/v1/", "api"),
        ("http://127.0.0.1:8000/v1/events?limit=1", "api"),
        ("/", "site"),
        ("/v1", "site"),
        ("/v11/events", "site"),
        ("/de/v1/events", "site"),
        ("http://127.0.0.1:8000", "site"),
    ],
)
def test_the_api_answers_below_its_stage_and_the_homepage_everywhere_else(
    folder: Path, target: str, answering: str
) -> None:
    front = Front("v1", lambda _: Response(418), Site(SECURITY, folder))

    response = front.respond(Request("GET", target, "HTTP/1.1", (), b"", "127.0.0.1"))

    assert response.status == (418 if answering == "api" else 200)


def test_every_file_of_the_homepage_is_of_a_kind_that_is_served() -> None:
    there = {path for path in site_files.FOLDER.rglob("*") if path.is_file()}

    # For Node.js alone: it says that the files are modules.
    assert there - set(site_files.files().values()) == {site_files.FOLDER / "package.json"}
    assert site_files.PAGE in site_files.files()
