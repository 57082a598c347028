"""Faults of the REST API: a failed or broken reply in place of the right one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stubs.discord.objects import Json


@dataclass(frozen=True)
class Fault:
    """A reply to send in place of the right one.

    Attributes:
        status: HTTP status; 0 sends the right reply.
        body: JSON of the reply.
        headers: Headers of the reply.
        processed: Whether the request is processed all the same.
        cut: Whether the connection is closed in the middle of the reply.
    """

    status: int = 0
    body: Json = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    processed: bool = False
    cut: bool = False


def rate_limited(retry_after: float = 0.01, *, is_global: bool = False) -> Fault:
    """Return status 429 with `retry_after` seconds, for all routes if `is_global`."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after}
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "Via": "1.1 google",
        "X-RateLimit-Scope": "global" if is_global else "user",
        **_bucket(remaining=0, reset_after=retry_after),
    }
    return Fault(429, body | {"global": is_global}, headers)


def bucket_exhausted(reset_after: float = 0.01) -> Fault:
    """Return the right reply, whose headers allow no further request for `reset_after` seconds."""
    return Fault(headers=_bucket(remaining=0, reset_after=reset_after), processed=True)


def http_error(status: int = 500, *, processed: bool = False) -> Fault:
    """Return an error of the server."""
    message = {"message": f"{status}: Internal Server Error", "code": 0}
    return Fault(status, message, processed=processed)


def connection_lost(*, processed: bool = False) -> Fault:
    """Return a connection that is closed in the middle of the reply."""
    return Fault(cut=True, processed=processed)


def _bucket(*, remaining: int, reset_after: float) -> Mapping[str, str]:
    return {
        "X-RateLimit-Bucket": "stub",
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(time.time() + reset_after),
        "X-RateLimit-Reset-After": str(reset_after),
    }
