"""Log configuration: one line for each event on standard error, without secrets."""

import logging
import sys
from typing import Final

from bot.runtime.redaction import redactor
from bot.runtime.settings import Settings
from model.redaction import Redactor

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

OURS: Final = "bot"
"""The logger of this project; the model and other packages have loggers of their own."""


class RedactingFormatter(logging.Formatter):
    """Removes secrets from log lines and tracebacks."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text without secrets."""
        return self._redact(super().format(record))


def configure(settings: Settings | None = None, level: int = logging.INFO) -> None:
    """Log to standard error; other packages' records below WARNING are dropped.

    They are dropped whatever the level of their loggers: at DEBUG, discord.py, slack_sdk and
    aiosqlite log what people wrote, the addresses and tokens to answer them, and SQL parameters.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redactor(settings)))
    handler.addFilter(_is_ours_or_warning)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level)


def _is_ours_or_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.split(".")[0] == OURS
