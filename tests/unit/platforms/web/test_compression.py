"""Compression of what is made on request, and hostile Accept-Encoding headers."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.compression import MIN_BYTES, accepts_gzip, compress
from tests.unit.platforms.web.conftest import Client

LONG = "a sentence that is said many times. " * 200


@pytest.mark.parametrize(
    "header",
    ["gzip", "GZIP", "x-gzip", "br, gzip", "gzip;q=0.001", "gzip ; q=1.000", "*", "deflate,*;q=0.5",
     "identity;q=0, gzip;q=1", "?;;, gzip", ",,gzip,"],
)  # fmt: skip
def test_gzip_is_accepted(header: str) -> None:
    assert accepts_gzip([header])


@pytest.mark.parametrize(
    "header",
    ["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "gzip;q=0, *", "x-gzip;q=0", "*;q=0",
     "gzipped", "not gzip", "gzip;q=2", "gzip;q=-1", "gzip;q=1e9", "gzip;level=9", "gzip;q=",
     "\0gzip", "gzip;q=\uff11"],
)  # fmt: skip
def test_gzip_is_not_accepted(header: str) -> None:
    assert not accepts_gzip([header])


def test_several_headers_count_as_one() -> None:
    assert accepts_gzip(["br", "gzip"])
    assert not accepts_gzip(["*", "gzip;q=0"])


@given(st.lists(st.text() | st.text(alphabet="gzip*;q=01., ")))
def test_any_header_is_understood(headers: list[str]) -> None:
    """Gzip is accepted only where it or everything is named, whatever else there is."""
    accepted = accepts_gzip(headers)
    assert not accepted or any("gzip" in header.lower() or "*" in header for header in headers)


@pytest.fixture
async def served() -> AsyncIterator[Client]:
    """Return a client of a server with a response of each kind."""

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.match_info["kind"]:
            case "json":
                return web.json_response({"text": LONG})
            case "short":
                return web.Response(text="x" * (MIN_BYTES - 1))
            case "picture":
                return web.Response(body=LONG.encode(), content_type="image/png")
            case "encoded":
                body = gzip.compress(LONG.encode())
                return web.Response(
                    body=body * 100, content_type="text/css", headers={"Content-Encoding": "gzip"}
                )
            case "tagged":
                return web.Response(text=LONG, headers={"ETag": '"1"', "Vary": "Cookie"})
            case _:
                return web.Response(status=204)

    app = web.Application(middlewares=[compress])
    app.router.add_get("/{kind}", answer)
    async with TestClient(TestServer(app)) as running:
        running.session._auto_decompress = False
        yield running


async def test_long_text_is_compressed(served: Client) -> None:
    async with served.get("/json", headers={"Accept-Encoding": "deflate, gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        body = await response.read()
        assert len(body) == int(response.headers["Content-Length"]) < len(LONG) / 10
        assert json.loads(gzip.decompress(body)) == {"text": LONG}


async def test_text_is_not_compressed_for_a_client_that_cannot_read_it(served: Client) -> None:
    async with served.get("/json", headers={"Accept-Encoding": "gzip;q=0"}) as response:
        assert "Content-Encoding" not in response.headers
        assert response.headers["Vary"] == "Accept-Encoding"  # a cache keeps it for such clients
        assert json.loads(await response.read()) == {"text": LONG}


@pytest.mark.parametrize("kind", ["short", "picture", "nothing"])
async def test_what_would_hardly_become_shorter_is_sent_as_it_is(served: Client, kind: str) -> None:
    async with served.get(f"/{kind}", headers={"Accept-Encoding": "gzip"}) as response:
        assert "Content-Encoding" not in response.headers
        assert "Vary" not in response.headers


async def test_what_is_compressed_is_not_compressed_again(served: Client) -> None:
    async with served.get("/encoded", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers.getall("Content-Encoding") == ["gzip"]
        assert gzip.decompress(await response.read()) == LONG.encode() * 100


async def test_etag_of_a_compressed_body_is_weak(served: Client) -> None:
    async with served.get("/tagged", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["ETag"] == 'W/"1"'
        assert response.headers.getall("Vary") == ["Cookie", "Accept-Encoding"]
    async with served.get("/tagged", headers={"Accept-Encoding": "identity"}) as response:
        assert response.headers["ETag"] == '"1"'


async def test_chat_page_is_compressed(client: Client) -> None:
    async with client.get("/", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "<!doctype html>" in await response.text()


async def test_errors_are_never_too_long_to_read(client: Client) -> None:
    async with client.get("/nothing", headers={"Accept-Encoding": "gzip, " * 1000}) as response:
        assert response.status == 404
        assert (await response.json())["notice"]
