"""One download over HTTP that goes on where it was cut, unless the file has changed meanwhile."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp
from tqdm import tqdm

from training.errors import FetchError

TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=60)
CHUNK: Final = 1 << 18
UNALTERED: Final = {"Accept-Encoding": "identity"}
"""Ranges count the bytes that are sent, so they must be the file's own."""


def download(url: str, part: Path) -> None:
    """Download `url` into the file `part`, of which a beginning may be there already.

    Raises FetchError; what has come by then stays for the next try.
    """
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        asyncio.run(_download(url, _Part(part)))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise FetchError(f"{url} cannot be reached ({error}); is there a network?") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        raise FetchError(
            f"{url} was cut off ({why}); the same command goes on from there"
        ) from error
    except OSError as error:
        raise FetchError(f"{part} cannot be written: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class _Part:
    """The beginning of a file, and beside it the tag of the state of the file that it is from."""

    path: Path

    @property
    def _tag(self) -> Path:
        return self.path.with_name(f"{self.path.name}.tag")

    def tag(self) -> str:
        """Return the tag, empty when nothing tells whether the rest would fit."""
        return self._tag.read_text(encoding="utf-8") if self._tag.exists() else ""

    def size(self) -> int:
        """Return how many bytes are there to go on from."""
        return self.path.stat().st_size if self.tag() and self.path.exists() else 0

    def begin(self, tag: str) -> None:
        """Note the tag of what is about to be written."""
        self._tag.write_text(tag, encoding="utf-8")


async def _download(url: str, part: _Part) -> None:
    there = part.size()
    asked = {"Range": f"bytes={there}-", "If-Range": part.tag()} if there else {}
    async with (
        aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True) as session,
        session.get(url, headers=UNALTERED | asked) as response,
    ):
        if there and response.headers.get("Content-Range") == f"bytes */{there}":
            return  # all of it had come before
        if response.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise FetchError(f"{url} answers {response.status} {response.reason}")
        goes_on = response.status == HTTPStatus.PARTIAL_CONTENT
        part.begin(_tag(response))
        await _receive(response, part.path, there if goes_on else 0)


async def _receive(response: aiohttp.ClientResponse, part: Path, there: int) -> None:
    """Write the body behind the first `there` bytes of `part`."""
    size = response.content_length
    with (
        part.open("ab" if there else "wb") as file,
        tqdm(
            desc=part.stem,
            total=None if size is None else there + size,
            initial=there,
            unit="B",
            unit_scale=True,
        ) as bar,
    ):
        async for chunk in response.content.iter_chunked(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))


def _tag(response: aiohttp.ClientResponse) -> str:
    """Return what tells this state of the file from others; empty if nothing does for sure."""
    etag = response.headers.get("ETag", "W/")
    return response.headers.get("Last-Modified", "") if etag.startswith("W/") else etag
