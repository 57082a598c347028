"""Bodies that are the same for everyone: made once, kept, and sent once to each client."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import ETag, hdrs, web

from bot.concurrency.bounded_cache import BoundedCache
from bot.concurrency.single_flight import SingleFlight
from bot.platforms.web import compression

TAGS: Final = 8192
"""Bodies whose tags are known, 0.3 kB each."""

ANY: Final = "*"
"""Stands for any tag (RFC 9110, 13.1.2)."""

Make = Callable[[], Awaitable[bytes]]


class Bodies:
    """Answers requests with bodies that are made when they are asked for.

    Those who ask at once share one, the latest are kept, and for longer their tags: who has a body
    gets 304 without its being made again.

    Args:
        kept: Number of bodies to keep.
        tags: Number of tags to keep.
    """

    def __init__(self, kept: int, tags: int = TAGS) -> None:
        self._bodies: SingleFlight[bytes] = SingleFlight(kept)
        self._tags: BoundedCache[str] = BoundedCache(tags)

    async def response(
        self,
        request: web.Request,
        key: str,
        make: Make,
        *,
        content_type: str,
        headers: Mapping[str, str],
    ) -> web.Response:
        """Return the body of a key, or that the client has it; pass on exceptions of `make`.

        Args:
            request: The request, with the tags that the client has, if any.
            key: Names the body; equal for equal bodies only.
            make: Makes the body.
            content_type: Its type; text is UTF-8.
            headers: Headers of both.
        """
        tag = self._tags.get(key)
        if tag is None or not _has(request, tag):
            body = await self._bodies.get(key, make)
            tag = _tag(body)
            self._tags.put(key, tag)
            if not _has(request, tag):
                charset = "utf-8" if content_type.startswith("text/") else None
                response = web.Response(
                    body=body, content_type=content_type, charset=charset, headers=headers
                )
                response.etag = ETag(tag, is_weak=True)
                return response
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        response.etag = ETag(tag, is_weak=True)
        if compression.COMPRESSED.fullmatch(content_type):
            response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING  # as with a body
        return response

    def is_ready(self, request: web.Request, key: str) -> bool:
        """Return whether `response` makes no body."""
        tag = self._tags.get(key)
        return key in self._bodies or (tag is not None and _has(request, tag))

    async def close(self) -> None:
        """Cancel what is being made."""
        await self._bodies.close()


def digest(value: object) -> str:
    """Return what is equal for values with an equal `repr` only, for names of bodies."""
    return _tag(repr(value).encode("utf-8", "surrogatepass"))


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _has(request: web.Request, tag: str) -> bool:
    """Return whether a client has what a tag stands for, compressed or not: tags are weak."""
    known = request.if_none_match
    return known is not None and any(one.value in (tag, ANY) for one in known)


def public(seconds: int, stale: int = 86400) -> dict[str, str]:
    """Return the header of what anyone may keep for a time, and show for longer while it asks."""
    value = f"public, max-age={seconds}, stale-while-revalidate={stale}"
    return {hdrs.CACHE_CONTROL: value}


def kept(request: web.Request, response: web.Response, seconds: int) -> web.Response:
    """Return a response that anyone may keep, or that the client has its body already."""
    body = response.body if isinstance(response.body, bytes) else b""
    tag = _tag(body)
    if _has(request, tag):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED)
    response.headers.update(public(seconds))
    response.etag = ETag(tag, is_weak=True)
    return response
