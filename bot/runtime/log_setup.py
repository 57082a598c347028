"""The log: one line an event, on standard error, with no secret in it."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final

from pydantic import SecretStr

from bot.runtime.settings import SECRET_FIELDS, Settings

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN: Final = "[secret]"
TICKET: Final = re.compile(r"(?<=ticket=)[^&'\"\s]+")
"""What opens a socket of Slack's, in the address that its package logs when that fails."""

SHORTEST_SECRET: Final = 6
"""Characters; hiding something shorter would garble ordinary words."""


class RedactingFormatter(logging.Formatter):
    """Blots out every known secret, and tickets, wherever in a line or a traceback they stand."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(FORMAT)
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        """Write a record without secrets."""
        line = TICKET.sub(HIDDEN, super().format(record))
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def configure(settings: Settings | None = None, level: int = logging.INFO) -> None:
    """Send the log to standard error; vendors' chatter below WARNING is left out."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(_secrets(settings) if settings else ()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def _secrets(settings: Settings) -> list[str]:
    values = (getattr(settings, name) for name in SECRET_FIELDS)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
