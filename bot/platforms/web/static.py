"""Scripts, styles and icon of the pages.

They are served in a folder whose name is a hash of all of them, as in `/static/0123abcd/page.js`.
Scripts import each other by relative addresses, which stay in the folder: no list of addresses is
needed, such as an import map, an inline script that the Content-Security-Policy would refuse. What
is in the folder never changes, so that browsers keep it without asking again. A changed file
changes the addresses of all, about 30 kB when compressed.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from pathlib import PurePosixPath
from typing import Final

from aiohttp import hdrs, web

from bot.platforms.web import compression
from model.genre_colours import genre_colours

CONTENT_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

CACHE_FOREVER: Final = "public, max-age=31536000, immutable"
HASH_LENGTH: Final = 16
"""Hexadecimal digits: 64 bits."""

IMPORT: Final = re.compile(r"""^(?:import|export)\b[^;"']*["']\./([\w-]+\.js)["']""", re.MULTILINE)
"""A static import from a module beside."""


@dataclass(frozen=True, slots=True)
class _File:
    content_type: str
    body: bytes
    compressed: bytes
    etag: str


class StaticFiles:
    """Serves the files; they are read and compressed on creation, which takes 10 ms.

    Attributes:
        prefix: Address of the folder, without a slash at its end.
    """

    def __init__(self) -> None:
        self._files = dict(_read())
        whole = hashlib.sha256("".join(file.etag for file in self._files.values()).encode())
        self._version = whole.hexdigest()[:HASH_LENGTH]
        self.prefix = f"/static/{self._version}"
        self._modules: dict[tuple[str, ...], list[str]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [
            web.get(r"/static/{version:\w+}/{name:[\w-]+\.\w+}", self.file),
            web.get("/favicon.ico", self.icon),
        ]

    async def icon(self, _: web.Request) -> web.Response:
        """Lead to the icon, for what looks for it where it always was."""
        headers = {hdrs.LOCATION: f"{self.prefix}/icon.svg"}
        return web.Response(status=HTTPStatus.FOUND, headers=headers)

    def modules(self, *names: str) -> list[str]:
        """Return the addresses of modules and of all that they import, for the browser to preload.

        Without the list, it would learn of a module only when it has read the one that imports it.
        """
        if names not in self._modules:
            self._modules[names] = [f"{self.prefix}/{name}" for name in self._imported(names)]
        return self._modules[names]

    def _imported(self, names: Iterable[str]) -> Iterable[str]:
        found = dict.fromkeys(names)
        waiting = list(names)
        while waiting:
            source = self._files[waiting.pop(0)].body.decode()
            new = [name for name in IMPORT.findall(source) if name not in found]
            found.update(dict.fromkeys(new))
            waiting += new
        return found

    async def file(self, request: web.Request) -> web.Response:
        """Return a file; the folder of another version leads to today's.

        A page that was loaded before an update may still ask for files of the old version.
        """
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        if request.match_info["version"] != self._version:
            address = f"{self.prefix}/{request.match_info['name']}"
            return web.Response(status=HTTPStatus.FOUND, headers={hdrs.LOCATION: address})
        return _response(request, file)


def _response(request: web.Request, file: _File) -> web.Response:
    is_compressed = compression.of(request)
    etag = f"{file.etag}-gzip" if is_compressed else file.etag
    headers = {
        hdrs.CACHE_CONTROL: CACHE_FOREVER,
        hdrs.ETAG: f'"{etag}"',
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
    }
    if any(known.value in (etag, "*") for known in request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if is_compressed:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(
        body=file.compressed if is_compressed else file.body,
        content_type=file.content_type,
        charset="utf-8",
        headers=headers,
    )


def _read() -> Iterator[tuple[str, _File]]:
    folder = resources.files(__package__) / "page"
    bodies = {file.name: file.read_bytes() for file in folder.iterdir()}
    bodies["genres.css"] = _genre_style().encode()
    for name, body in sorted(bodies.items()):
        content_type = CONTENT_TYPES.get(PurePosixPath(name).suffix)
        if content_type is not None:
            # Without a time, equal files give equal bytes.
            compressed = gzip.compress(body, mtime=0)
            etag = hashlib.sha256(name.encode() + b"\0" + body).hexdigest()[:HASH_LENGTH]
            yield name, _File(content_type, body, compressed, etag)


def _genre_style() -> str:
    """Return the style sheet that gives elements with `data-genre` a colour, as `--genre`."""
    light, dark = genre_colours("light"), genre_colours("dark")
    return "".join(
        f'[data-genre="{genre}"] {{ --genre: light-dark({light[genre]}, {dark[genre]}); }}\n'
        for genre in light
    )
