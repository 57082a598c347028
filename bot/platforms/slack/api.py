"""Facts about Slack's Web API, used by the platform and by token checks."""

from typing import Final

SLACK: Final = "https://slack.com/api/"

LIMITED: Final = frozenset({"rate_limited", "ratelimited"})
AWAY: Final = LIMITED | {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Error codes of requests that Slack did not process, or not to the end."""


def can_be_sent(token: str) -> bool:
    """Return whether a token can be put into a header; any other text is no token."""
    return token.isascii() and token.isprintable()
