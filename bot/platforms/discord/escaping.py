"""Escapes untrusted text for Discord: no markup, mentions, links or changed text direction."""

import re
from typing import Final

from bot import texts
from bot.domain.tracks import Track

MAX_SENTENCE_LENGTH: Final = 1000
"""Characters of a sentence before escaping, which may double them: Discord allows 2000."""

MAX_CHOICE_LENGTH: Final = 100
"""Characters of an autocomplete choice, by Discord's documentation."""

ZERO_WIDTH_SPACE: Final = "\u200b"
FIRST_STRONG_ISOLATE: Final = "\u2068{}\u2069"

_MENTION: Final = re.compile(r"([@<]|:(?=//))")
_MARKUP: Final = re.compile(r"(^\s*)([-+#>])|([\\*_~`|\[\]])", re.MULTILINE)


def choice_name(track: Track) -> str:
    """Return a track's name as plain text for an autocomplete choice."""
    name = texts.short_headline(track, MAX_CHOICE_LENGTH)
    return name or texts.title(Track(track.spotify_id))


def escape(text: str) -> str:
    """Return text that Discord displays literally."""
    # discord.py's escape_markdown does not escape links and text that resembles them.
    return _MENTION.sub(rf"\1{ZERO_WIDTH_SPACE}", _MARKUP.sub(r"\1\\\2\3", text))


def isolate(text: str) -> str:
    """Return text whose direction does not affect the text around it."""
    return FIRST_STRONG_ISOLATE.format(text)
