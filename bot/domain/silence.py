"""Marks by which a person tells the bot to leave a message alone."""

import re
from typing import Final

MARK: Final = "!"
"""A message that begins with it is not answered."""

COMMANDS: Final = (
    *("play", "p", "pl", "playnext", "playtop", "playskip", "playlist", "pn", "pt", "ps"),
    *("np", "nowplaying", "queue", "q", "enqueue", "add", "insert", "skip", "search", "music"),
    *("lyrics", "ly", "sr", "songrequest", "fm", "spotify"),
)
"""Commands of other bots that play, look up or request music."""

# With more punctuation it is an exclamation, such as "!!!" or "!?".
_MARKED: Final = re.compile(rf"\s*{re.escape(MARK)}(?![!?.,;:…)])")
_COMMAND: Final = re.compile(rf"\s*[-.$?;%!+=]{{1,2}}(?:{'|'.join(COMMANDS)})\s", re.IGNORECASE)


def is_silenced(text: str) -> bool:
    """Return whether a message asks not to be answered: it begins with a mark or a command.

    The commands are those of other music bots, as these are asked then. A message that addresses
    the bot is answered nevertheless.
    """
    return bool(_MARKED.match(text) or _COMMAND.match(text))
