"""Log configuration: one line for each event on standard error, without secrets."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from bot.runtime.settings import SECRET_FIELDS, Settings

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN: Final = "[secret]"
TICKET: Final = re.compile(r"(?<=ticket=)[^&'\"\s]+")
"""Ticket in the websocket address that slack_sdk logs when a connection fails."""

MIN_SECRET_LENGTH: Final = 6
"""Characters; shorter secrets are not redacted, as they may be part of ordinary words."""


class RedactingFormatter(logging.Formatter):
    """Replaces configured secrets and tickets in log lines and tracebacks."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(FORMAT)
        self._secrets = [secret for secret in secrets if len(secret) >= MIN_SECRET_LENGTH]

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text without secrets."""
        line = TICKET.sub(HIDDEN, super().format(record))
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line


def configure(settings: Settings | None = None, level: int = logging.INFO) -> None:
    """Log to standard error; other packages' records below WARNING are dropped."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(_secrets(settings) if settings else ()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def _secrets(settings: Settings) -> list[str]:
    values = (getattr(settings, name) for name in SECRET_FIELDS)
    whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    in_urls = (settings.database_url, settings.model_store)
    passwords = [password for url in in_urls if url for password in _passwords(url)]
    return whole + settings.token_keys + passwords


def _passwords(url: str) -> set[str]:
    """Return the password in a URL, as written and decoded, and those in its parameters."""
    try:
        parts = urlsplit(url)
        password = parts.password or ""
    except ValueError:
        return set()
    in_query = parse_qs(parts.query).get("password", [])
    return {text for text in (password, unquote(password), *in_query) if text}
