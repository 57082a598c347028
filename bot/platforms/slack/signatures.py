"""Verifies Slack's signature of a request: its headers before the body is read, then its hash.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from bot.platforms.http.refusals import Refused
from bot.texts import http as words

TIMESTAMP: Final = "X-Slack-Request-Timestamp"
SIGNATURE: Final = "X-Slack-Signature"
MAX_AGE: Final = 300
"""Seconds between a request's timestamp and the clock here, in either direction."""

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


class Signature:
    """The signature in a request's headers.

    Own code, as slack_sdk's verifier needs the whole body as text, of which it makes three copies,
    and fails on a timestamp of 400 digits.

    Args:
        secret: The app's signing secret.
        headers: The request's headers.
        now: Clock in seconds since 1970.

    Raises:
        Refused: With status 401 if a header is missing or the timestamp too old, 400 if one is
            malformed.
    """

    def __init__(
        self, secret: str, headers: Mapping[str, str], now: Callable[[], float] = time.time
    ) -> None:
        timestamp, signature = headers.get(TIMESTAMP), headers.get(SIGNATURE)
        if timestamp is None or signature is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, words.NOT_SIGNED)
        if not _TIMESTAMP.fullmatch(timestamp):
            raise Refused(HTTPStatus.BAD_REQUEST, words.TIMESTAMP_MALFORMED)
        if not _SIGNATURE.fullmatch(signature):
            raise Refused(HTTPStatus.BAD_REQUEST, words.SIGNATURE_MALFORMED)
        if abs(now() - int(timestamp)) > MAX_AGE:
            raise Refused(HTTPStatus.UNAUTHORIZED, words.TIMESTAMP_OLD)
        self._given = signature
        self._hash = hmac.new(secret.encode(), f"v0:{timestamp}:".encode(), hashlib.sha256)

    def update(self, piece: bytes) -> None:
        """Add a piece of the body."""
        self._hash.update(piece)

    def verify(self) -> None:
        """Raise Refused with status 401 unless the signature is that of the body."""
        if not hmac.compare_digest(f"v0={self._hash.hexdigest()}", self._given):
            raise Refused(HTTPStatus.UNAUTHORIZED, words.SIGNATURE_WRONG)
