"""HTTP download that resumes an interrupted one, unless the remote file has changed."""

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
IDENTITY: Final = {"Accept-Encoding": "identity"}
"""Without compression, so that byte ranges refer to the file itself."""


def download(url: str, part: Path) -> None:
    """Download `url` to the file `part`, resuming if it has the beginning already.

    Raises FetchError; the bytes received until then are kept for the next call.
    """
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        asyncio.run(_download(url, _Part(part)))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise FetchError(f"{url} cannot be reached ({error}); is there a network?") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        raise FetchError(
            f"{url} was cut off ({reason}); the same command goes on from there"
        ) from error
    except OSError as error:
        raise FetchError(f"{part} cannot be written: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class _Part:
    """The beginning of a file, and beside it the ETag or date of the version it is from."""

    path: Path

    @property
    def _tag(self) -> Path:
        return self.path.with_name(f"{self.path.name}.tag")

    def tag(self) -> str:
        """Return the tag; "" if it is unknown, so that the download cannot be resumed."""
        return self._tag.read_text(encoding="utf-8") if self._tag.exists() else ""

    def size(self) -> int:
        """Return the number of bytes to resume after."""
        return self.path.stat().st_size if self.tag() and self.path.exists() else 0

    def begin(self, tag: str) -> None:
        """Store the tag of the version that is about to be downloaded."""
        self._tag.write_text(tag, encoding="utf-8")


async def _download(url: str, part: _Part) -> None:
    received = part.size()
    headers = {"Range": f"bytes={received}-", "If-Range": part.tag()} if received else {}
    async with (
        aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True) as session,
        session.get(url, headers=IDENTITY | headers) as response,
    ):
        if received and response.headers.get("Content-Range") == f"bytes */{received}":
            return  # the file was complete
        if response.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise FetchError(f"{url} answers {response.status} {response.reason}")
        resumed = response.status == HTTPStatus.PARTIAL_CONTENT
        part.begin(_tag(response))
        await _receive(response, part.path, received if resumed else 0)


async def _receive(response: aiohttp.ClientResponse, part: Path, received: int) -> None:
    """Append the body to the first `received` bytes of `part`."""
    size = response.content_length
    with (
        part.open("ab" if received else "wb") as file,
        tqdm(
            desc=part.stem,
            total=None if size is None else received + size,
            initial=received,
            unit="B",
            unit_scale=True,
        ) as bar,
    ):
        async for chunk in response.content.iter_chunked(CHUNK):
            file.write(chunk)
            bar.update(len(chunk))


def _tag(response: aiohttp.ClientResponse) -> str:
    """Return a strong ETag or the modification date, which identify a version; else ""."""
    etag = response.headers.get("ETag", "W/")
    return response.headers.get("Last-Modified", "") if etag.startswith("W/") else etag
