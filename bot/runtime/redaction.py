"""Secrets that must not appear in the log or in a command's output."""

import re
from typing import Final

from pydantic import SecretStr

from bot.runtime.environment import proxies
from bot.runtime.settings import SECRET_FIELDS, Settings
from model.redaction import Redactor, secret_parts

PATTERNS: Final = (
    # The ticket in the websocket address that slack_sdk logs when a connection fails.
    re.compile(r"(?<=ticket=)[^&'\"\s]+"),
    # A response_url or webhook of Slack, which is enough to write to the channel.
    re.compile(r"(?<=hooks\.slack\.com/)[^\s'\"<>)]+", re.IGNORECASE),
    re.compile(r"(?<=hooks\.slack-gov\.com/)[^\s'\"<>)]+", re.IGNORECASE),
    # A webhook of Discord, whose token may be an interaction's, and the answer to an interaction.
    re.compile(r"(?:(?<=/webhooks/)|(?<=/interactions/))\d+/[^\s/?'\"<>)]+"),
    # Tokens of Slack (https://api.slack.com/authentication/token-types), also of workspaces that
    # are in the database alone, and of Discord.
    re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[bp])-[\w-]{6,}"),
    re.compile(r"\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"),
    # User and password in an address, a signature or key in its query, a header.
    re.compile(r"(?<=://)(?!USER:PASSWORD@)[^\s/@'\"<>]+(?=@)"),
    re.compile(
        r"(?:(?<=[?&]X-Amz-Signature=)|(?<=[?&]X-Amz-Security-Token=)|(?<=[?&]password=)"
        r"|(?<=[?&]token=)|(?<=[?&]sig=)|(?<=[?&]code=)|(?<=[?&]state=))[^&\s'\"]+",
        re.IGNORECASE,
    ),
    re.compile(r"(?<=\bBearer )[\w.~+/=-]{6,}"),
)
"""Secrets by their form, which other packages may log."""


ADDRESS_FIELDS: Final = tuple(name for name in Settings.model_fields if name.endswith("_url"))
"""Settings that are addresses, which may contain a password."""


def redactor(settings: Settings | None = None) -> Redactor:
    """Return a function that removes secrets from text: the settings', and those of PATTERNS."""
    return Redactor(_secrets(settings) if settings else (), PATTERNS)


def _secrets(settings: Settings) -> list[str]:
    values = (getattr(settings, name) for name in SECRET_FIELDS)
    whole = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    addresses = (
        settings.model_store,
        *(getattr(settings, name) for name in ADDRESS_FIELDS),
        *proxies().addresses,
    )
    parts = [part for address in addresses if address for part in secret_parts(address)]
    return whole + settings.token_keys + parts
