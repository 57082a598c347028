"""What goes wrong on the way, once or several times, on one route."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stubs.discord.values import Json


@dataclass(frozen=True)
class Fault:
    """What becomes of a request: `status` in place of the answer (0: the answer itself).

    Unless `carried_out`, nothing is done; `cut` breaks the connection in the middle of the answer.
    """

    status: int = 0
    body: Json = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    carried_out: bool = False
    cut: bool = False


def too_many(retry_after: float = 0.01, *, everywhere: bool = False) -> Fault:
    """Answer 429: the bot is to wait for `retry_after` seconds, on all routes if `everywhere`."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after}
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "Via": "1.1 google",
        "X-RateLimit-Scope": "global" if everywhere else "user",
        **_bucket(remaining=0, reset_after=retry_after),
    }
    return Fault(429, body | {"global": everywhere}, headers)


def exhausted(reset_after: float = 0.01) -> Fault:
    """Carry the request out, and say that it was the last one for `reset_after` seconds."""
    return Fault(headers=_bucket(remaining=0, reset_after=reset_after), carried_out=True)


def broken(status: int = 500, *, carried_out: bool = False) -> Fault:
    """Answer with an error of the server's."""
    message = {"message": f"{status}: Internal Server Error", "code": 0}
    return Fault(status, message, carried_out=carried_out)


def hang_up(*, carried_out: bool = False) -> Fault:
    """Break the connection in the middle of the answer."""
    return Fault(cut=True, carried_out=carried_out)


def _bucket(*, remaining: int, reset_after: float) -> Mapping[str, str]:
    return {
        "X-RateLimit-Bucket": "stub",
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(time.time() + reset_after),
        "X-RateLimit-Reset-After": str(reset_after),
    }
