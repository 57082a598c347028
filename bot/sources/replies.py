"""Errors for replies of outside services, shared by all adapters."""

import logging
from http import HTTPStatus
from typing import Final

from bot.domain.errors import BadReply

UNKNOWN_STATUSES: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""Statuses with which services reply to an id that they do not know."""

FORBIDDEN_STATUSES: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_log = logging.getLogger(__name__)


def malformed(service: str, reason: object) -> BadReply:
    """Log a reply of an unexpected shape and return the error for it."""
    _log.warning("%s: unexpected reply: %s", service, reason)
    return BadReply(service, "sent an unexpected reply")
