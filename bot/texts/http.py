"""Replies to refused HTTP requests, and the log lines about them."""

from collections.abc import Mapping
from typing import Final

COMPRESSED: Final = "Compressed requests are not accepted. Send the body as it is."
CONTENT_TYPE: Final = "Requests of this content type are not accepted."
TOO_SLOW: Final = "The request took too long to arrive. Please send it again."
TOO_MANY: Final = "There are too many requests at the moment. Please try again in a second."
TOO_MANY_UPLOADS: Final = (
    "I have my hands full of files at the moment. Please send it again in a few seconds."
)
DISK_FULL: Final = "I have no room left on my disk for that file. Please try again later."
CUT_SHORT: Final = "The connection ended before the request had arrived."
MALFORMED: Final = "The request is malformed."

NOT_SIGNED: Final = "The request is not signed: only Slack's requests are accepted here."
TIMESTAMP_MALFORMED: Final = (
    "X-Slack-Request-Timestamp is malformed: a number of seconds is needed."
)
SIGNATURE_MALFORMED: Final = (
    "X-Slack-Signature is malformed: v0= and 64 hexadecimal digits are needed."
)
TIMESTAMP_OLD: Final = (
    "The request was signed more than 5 minutes ago or ahead, or the clock here is wrong."
)
SIGNATURE_WRONG: Final = (
    "The signature is wrong: SLACK_SIGNING_SECRET must be the one of the app that sends this."
)

NOT_FOUND: Final = "There is nothing at this address."
METHOD: Final = "This address does not accept this method."
FAILED: Final = "Something went wrong here. Please try again in a moment."

CONNECTION_CLOSED: Final = "A connection that waited was closed to make room for another."
NOT_HTTP: Final = "A connection sent what is not HTTP."
NO_DESCRIPTORS: Final = (
    "A connection could not be accepted: the process has too many files open (ulimit -n)."
)


def too_long(limit: int) -> str:
    """Return the reply to a body of more than `limit` bytes."""
    return f"The request is too long: at most {limit:,} bytes are accepted."


def refused(server: str, counts: Mapping[str, int]) -> str:
    """Return the log line about what a server refused since its last such line.

    Args:
        server: Name of the platform.
        counts: Number of refusals by their sentence.
    """
    lines = (f"{count:,} times: {sentence.rstrip('.')}" for sentence, count in counts.items())
    return f"{server}, HTTP requests and connections refused: {'; '.join(lines)}"
