"""Responses compressed with gzip, for clients that accept it.

Files are compressed once, by `bot.platforms.web.static`; this is for what is made on request. No
page contains a secret, such as a token against forged requests, so that lengths reveal none.
"""

import re
from collections.abc import Iterable
from typing import Final

from aiohttp import ETag, hdrs, web
from aiohttp.typedefs import Handler

MIN_BYTES: Final = 1024
"""Shorter bodies fit the packet that carries the head."""

COMPRESSED: Final = re.compile(r"text/.+|application/json|.+\+(json|xml)")
"""Content types whose bodies become shorter; pictures other than SVG do not."""

CODING: Final = re.compile(
    r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q=(0|1|0\.\d{0,3}|1\.0{0,3})\s*)?", re.ASCII
)
"""An element of `Accept-Encoding`: a coding and its weight (RFC 9110, 12.4.2 and 12.5.3)."""


def accepts_gzip(headers: Iterable[str]) -> bool:
    """Return whether a client accepts gzip, by its `Accept-Encoding` headers.

    Malformed elements are ignored. aiohttp would also compress where gzip has the weight 0.
    """
    weights: dict[str, float] = {}
    for element in ",".join(headers).split(","):
        if found := CODING.fullmatch(element):
            weights[found[1].lower()] = float(found[2] or 1)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0))) > 0


def of(request: web.BaseRequest) -> bool:
    """Return whether the client of a request accepts gzip."""
    return accepts_gzip(request.headers.getall(hdrs.ACCEPT_ENCODING, ()))


@web.middleware
async def compress(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Compress text of `MIN_BYTES` or more; aiohttp does it on a thread if it is above 4 KB."""
    response = await handler(request)
    if isinstance(response, web.Response) and _pays(response):
        response.headers.add(hdrs.VARY, hdrs.ACCEPT_ENCODING)
        if of(request):
            response.enable_compression(web.ContentCoding.gzip)
            if response.etag is not None:  # it stands for the body as it was
                response.etag = ETag(response.etag.value, is_weak=True)
    return response


def _pays(response: web.Response) -> bool:
    return (
        isinstance(response.body, bytes)
        and len(response.body) >= MIN_BYTES
        and hdrs.CONTENT_ENCODING not in response.headers
        and COMPRESSED.fullmatch(response.content_type) is not None
    )
