"""Requests with which Slack delivers events and interactions by HTTP, signed."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

from tests.stubs.slack.objects import Json
from tests.stubs.slack.state import SIGNING_SECRET


def signed_request(
    kind: str, payload: Json, secret: str = SIGNING_SECRET, timestamp: float | None = None
) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a request; `kind` is the type of an envelope."""
    body, content_type = encode(kind, payload)
    return body, signature_headers(body, secret, timestamp) | {"Content-Type": content_type}


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """Return the body and content type of the HTTP request of an event or interaction."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = "application/x-www-form-urlencoded"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return urlencode({key: value or "" for key, value in payload.items()}).encode(), form


def signature_headers(
    body: bytes, secret: str = SIGNING_SECRET, timestamp: float | None = None
) -> dict[str, str]:
    """Return the headers with Slack's signature of a request.

    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    at = str(int(time.time() if timestamp is None else timestamp))
    base = b"v0:" + at.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
