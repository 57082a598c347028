"""Faults of the Web API: a failed or broken reply in place of the right one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.stubs.slack.objects import Json


@dataclass(frozen=True)
class Fault:
    """A reply to send in place of the right one.

    Attributes:
        status: HTTP status.
        body: Body of the reply.
        headers: Headers of the reply.
        processed: Whether the request is processed all the same.
        cut: Whether the connection is closed in the middle of the reply.
        before_reply: Whether it is closed before the first byte of the reply.
    """

    status: int = 200
    body: Json | str = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    processed: bool = False
    cut: bool = False
    before_reply: bool = False


def api_error(code: str) -> Fault:
    """Return a refusal by Slack, with its error code."""
    return Fault(body={"ok": False, "error": code})


def rate_limited(retry_after: float | str = 1) -> Fault:
    """Return status 429; `retry_after` is the header's value in seconds."""
    return Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(retry_after)})


def http_error(
    status: int = 503,
    body: str = "upstream error",
    content_type: str = "text/plain",
    *,
    processed: bool = False,
) -> Fault:
    """Return a reply that is not Slack's own, such as a proxy's."""
    return Fault(status, body, {"Content-Type": content_type}, processed)


def connection_lost(*, processed: bool = False, before_reply: bool = False) -> Fault:
    """Return a connection that is closed in the middle of the reply, or before it."""
    return Fault(cut=True, processed=processed, before_reply=before_reply)
