"""Responses that browsers and proxies may keep, as they are the same for everyone."""

import hashlib
from http import HTTPStatus
from typing import Final

from aiohttp import ETag, hdrs, web

ETAG_LENGTH: Final = 20
"""Characters of a digest that tell contents apart."""


def public(request: web.Request, response: web.Response, seconds: int) -> web.Response:
    """Return a response to be kept for some seconds, and asked for again by its digest.

    It is one without a body if the client has the same contents already (RFC 9110, 13.1.2).
    """
    body = response.body if isinstance(response.body, bytes) else b""
    tag = ETag(hashlib.sha256(body).hexdigest()[:ETAG_LENGTH])
    asked = request.if_none_match or ()
    if any(one.value in (tag.value, "*") for one in asked):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED)
    response.etag = tag
    response.headers[hdrs.CACHE_CONTROL] = f"public, max-age={seconds}"
    return response
