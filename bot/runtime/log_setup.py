"""Log configuration: one line for each event on standard error, bounded and without secrets."""

import logging
import sys
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from bot.concurrency.bounded_cache import BoundedCache
from bot.runtime.redaction import redactor
from bot.runtime.settings import Settings
from model.redaction import Redactor

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

OURS: Final = "bot"
"""The logger of this project; the model and other packages have loggers of their own."""


MAX_LENGTH: Final = 8000
"""Characters of a line; of a longer one the beginning and the end are logged."""

MAX_READ: Final = 16 * MAX_LENGTH
"""Characters of a message that are searched for secrets; what is beyond them is not logged."""

CONTROL: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    ord("\t"): "\\t",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    **{code: f"\\u{code:04x}" for code in (0x2028, 0x2029)},
}
"""Characters that would begin a new line or control a terminal, and what is logged for them."""


REPEATED: Final = ("bot.services", "bot.sources")
"""Loggers of what strangers can have logged any number of times while a music service is down."""

REPEAT_SECONDS: Final = 60.0
"""Time for which a line that is equal to an earlier one is not logged again."""

REMEMBERED: Final = 256
"""Lines that are remembered for that."""


class OncePerMinute(logging.Filter):
    """Passes equal records of some loggers, and of those below them, once in REPEAT_SECONDS.

    Own code: the libraries for it count lines of a place in the code, not what they say.

    Args:
        monotonic: Clock in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._logged: BoundedCache[bool] = BoundedCache(REMEMBERED, monotonic)
        self._lock = Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged."""
        if not record.name.startswith(REPEATED):
            return True
        line = f"{record.levelno} {record.name} {record.getMessage()}"
        with self._lock:
            if self._logged.get(line):
                return False
            self._logged.put(line, value=True, seconds=REPEAT_SECONDS)
        return True


class RedactingFormatter(logging.Formatter):
    """Removes secrets from log lines and tracebacks, each of which becomes one line."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line without secrets and without control characters."""
        text = super().format(record)
        line = self._redact(text[:MAX_READ])
        if len(text) > MAX_READ:  # the end may be a part of a secret, which is not recognised
            line = line[: MAX_READ - MAX_LENGTH]
        return _bounded(line.translate(CONTROL))


def _bounded(line: str) -> str:
    """Return a line, without its middle if it is too long."""
    if len(line) <= MAX_LENGTH:
        return line
    end = MAX_LENGTH // 4
    return f"{line[: MAX_LENGTH - end]}[... {len(line) - MAX_LENGTH:,} left out ...]{line[-end:]}"


def configure(settings: Settings | None = None, level: int = logging.INFO) -> None:
    """Log to standard error; other packages' records below WARNING are dropped.

    They are dropped at any level of their loggers: at DEBUG, discord.py, slack_sdk and
    aiosqlite log what people wrote, the addresses and tokens to answer them, and SQL parameters.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redactor(settings)))
    handler.addFilter(_is_ours_or_warning)
    handler.addFilter(OncePerMinute())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(level)


def _is_ours_or_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.split(".")[0] == OURS
