"""What holds for Slack's Web API whoever asks it: the platform, or `check`."""

from typing import Final

SLACK: Final = "https://slack.com/api/"

LIMITED: Final = frozenset({"rate_limited", "ratelimited"})
AWAY: Final = LIMITED | {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
"""Codes by which Slack says that it did not look at the request, or did not come to its end."""


def can_be_sent(token: str) -> bool:
    """Say whether a token can stand in a request; what cannot is none of Slack's."""
    return token.isascii() and token.isprintable()
