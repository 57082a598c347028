"""Facts about Slack's Web API, used by the platform and by token checks."""

from typing import Final

SLACK: Final = "https://slack.com/api/"
FILES: Final = "https://files.slack.com"

RATE_LIMITED: Final = frozenset({"rate_limited", "ratelimited"})
UNPROCESSED: Final = RATE_LIMITED | {
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
}
"""Error codes of requests that Slack did not process, or not to the end."""


def can_be_sent(token: str) -> bool:
    """Return whether a token is valid in an HTTP header."""
    return token.isascii() and token.isprintable()
