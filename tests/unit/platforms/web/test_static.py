"""Scripts, styles and icon over HTTP: addresses, caching, compression."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from aiohttp import ClientResponse

from bot.platforms import web
from bot.platforms.web.static import CONTENT_TYPES, StaticFiles
from tests.unit.platforms.web.conftest import Client

FOLDER = Path(web.__file__).parent / "page"
FILES = sorted(file.name for file in FOLDER.iterdir() if file.suffix in CONTENT_TYPES)
SOURCES = sorted(
    file
    for file in (*FOLDER.iterdir(), *FOLDER.parent.glob("templates/*"))
    if file.suffix in {".html", ".js", ".css"}
)
IMPORTED = re.compile(r'from "(.+?)"|import\("(.+?)"\)|^import "(.+?)"', re.MULTILINE)


@pytest.fixture(scope="module")
def static() -> StaticFiles:
    return StaticFiles()


class Received(NamedTuple):
    """A response, and its body as it was sent."""

    response: ClientResponse
    body: bytes


async def get(
    client: Client, path: str, accept: str = "gzip", known: str | None = None
) -> Received:
    client.session._auto_decompress = False
    headers = {"Accept-Encoding": accept}
    if known is not None:
        headers["If-None-Match"] = known
    async with client.get(path, headers=headers, allow_redirects=False) as response:
        return Received(response, await response.read())


async def test_every_file_is_served_compressed_and_for_ever(
    client: Client, static: StaticFiles
) -> None:
    for name in FILES:
        response, body = await get(client, f"{static.prefix}/{name}")
        assert response.status == 200
        assert response.content_type == CONTENT_TYPES[Path(name).suffix]
        assert response.charset == "utf-8"
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert gzip.decompress(body) == (FOLDER / name).read_bytes()


async def test_client_without_gzip_gets_the_file_as_it_is(
    client: Client, static: StaticFiles
) -> None:
    response, body = await get(client, f"{static.prefix}/page.js", "br, gzip;q=0")
    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert body == (FOLDER / "page.js").read_bytes()


@pytest.mark.parametrize("accept", ["gzip", "identity"])
async def test_known_file_is_not_sent_again(
    client: Client, static: StaticFiles, accept: str
) -> None:
    address = f"{static.prefix}/card.css"
    etag = (await get(client, address, accept)).response.headers["ETag"]
    assert re.fullmatch(r'"[\w-]+"', etag)  # strong
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        response, body = await get(client, address, accept, known)
        assert (response.status, body) == (304, b"")
        assert response.headers["ETag"] == etag
        assert response.headers["Cache-Control"].endswith("immutable")
    for unknown in ('"other"', "", "x" * 4000, '"', 'W/"', "*x"):
        assert (await get(client, address, accept, unknown)).response.status == 200


async def test_encodings_of_a_file_have_etags_of_their_own(
    client: Client, static: StaticFiles
) -> None:
    address = f"{static.prefix}/card.css"
    compressed = (await get(client, address)).response.headers["ETag"]
    plain = (await get(client, address, "identity")).response.headers["ETag"]
    assert compressed != plain
    assert (await get(client, address, "identity", compressed)).response.status == 200


async def test_file_of_an_older_version_leads_to_todays(
    client: Client, static: StaticFiles
) -> None:
    response, _ = await get(client, "/static/0123456789abcdef/page.js")
    assert response.status == 302
    assert response.headers["Location"] == f"{static.prefix}/page.js"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["{}/nothing.js", "{}/page.html", "{}/..%2fevents.py", "{}/", "{}", "/static/", "{}/a/b.js"],
)
async def test_what_is_no_file_of_the_page_is_not_found(
    client: Client, static: StaticFiles, path: str
) -> None:
    assert (await get(client, path.format(static.prefix))).response.status == 404


async def test_head_is_answered_without_the_body(client: Client, static: StaticFiles) -> None:
    address = f"{static.prefix}/page.js"
    body = (await get(client, address)).body
    async with client.head(address, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.status == 200
        assert response.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_pages_name_files_by_their_version(source: Path) -> None:
    """As `{{ static.prefix }}/a.svg`; in scripts as `new URL("./a.svg", import.meta.url)`."""
    text = source.read_text(encoding="utf-8")
    assert re.findall(r"""["'(]/[\w-]+\.(?:css|js|svg)["')]""", text) == []


async def test_files_that_pages_name_exist(client: Client, static: StaticFiles) -> None:
    for path in ("/", "/song/nothing"):
        page = (await get(client, path, "identity")).body.decode()
        addresses = re.findall(r'(?:href|src)="([^"]+\.(?:css|js|svg))"', page)
        assert addresses
        names = [*FILES, "genres.css"]
        assert set(addresses) <= {f"{static.prefix}/{name}" for name in names}


def imports(name: str) -> Iterator[str]:
    """Yield the modules that a module imports, directly or not; each may come several times."""
    for found in IMPORTED.findall((FOLDER / name).read_text(encoding="utf-8")):
        imported = "".join(found)
        assert imported.startswith("./"), f"{name} imports {imported}, which is not beside it"
        yield imported[2:]
        yield from imports(imported[2:])


def test_all_modules_of_the_chat_are_preloaded(static: StaticFiles) -> None:
    modules = [address.rpartition("/")[2] for address in static.modules("page.js")]
    assert modules[0] == "page.js"
    assert sorted(modules) == sorted({"page.js", *imports("page.js")})
