"""What goes wrong on the way, once or several times, at one method."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stubs.slack.values import Json


@dataclass(frozen=True)
class Fault:
    """What becomes of a request, in place of its answer.

    Unless `carried_out`, nothing is done; `cut` breaks the connection in the middle of the answer,
    `early` before its first byte.
    """

    status: int = 200
    body: Json | str = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    carried_out: bool = False
    cut: bool = False
    early: bool = False


def refused(code: str) -> Fault:
    """Say no, for a reason."""
    return Fault(body={"ok": False, "error": code})


def too_many(retry_after: float | str = 1) -> Fault:
    """Answer 429: the app is to wait so many seconds."""
    return Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)})


def broken(
    status: int = 503,
    body: str = "upstream error",
    kind: str = "text/plain",
    *,
    carried_out: bool = False,
) -> Fault:
    """Answer with a page that is not Slack's own."""
    return Fault(status, body, {"Content-Type": kind}, carried_out)


def hang_up(*, carried_out: bool = False, early: bool = False) -> Fault:
    """Break the connection in the middle of the answer, or before its first byte."""
    return Fault(cut=True, carried_out=carried_out, early=early)
