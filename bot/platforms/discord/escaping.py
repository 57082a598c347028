"""Foreign words made harmless for Discord: no markup, no mentions, no links, no turned text."""

import re
from typing import Final

from bot import texts
from bot.domain.sanitize import one_line
from bot.domain.tracks import Track

LONGEST_SENTENCE: Final = 1000
"""Characters of a sentence with a foreign name in it; twice as many fit when all are escaped."""

LONGEST_CHOICE: Final = 100
"""Characters of a line to choose from, by Discord's documentation."""

GAP: Final = "\u200b"
ISOLATE: Final = "\u2068{}\u2069"
"""Around a text whose direction is its own (first strong isolate)."""

_MENTION: Final = re.compile(r"([@<]|:(?=//))")
_MARKUP: Final = re.compile(r"(^\s*)([-+#>])|([\\*_~`|\[\]])", re.MULTILINE)


def name(track: Track) -> str:
    """Return a track's name as plain text, for a list to choose from."""
    return one_line(texts.headline(track), LONGEST_CHOICE) or texts.title(Track(track.id))


def safe(text: str) -> str:
    """Return text that Discord shows as it is, whatever it holds."""
    # discord.py's escape_markdown leaves alone what stands in a link, or looks like one.
    return _MENTION.sub(rf"\1{GAP}", _MARKUP.sub(r"\1\\\2\3", text))


def isolated(text: str) -> str:
    """Return text that does not turn the text around it, whichever way it is written."""
    return ISOLATE.format(text)
