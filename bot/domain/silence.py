"""Marks by which a person tells the bot to leave a message alone."""

import re
from typing import Final

MARK: Final = "!"
"""A message that begins with it is not answered."""

_SILENCED: Final = re.compile(rf"\s*(?:{re.escape(MARK)}|[-.$?;%][a-z]+\s)")
"""The mark, or a command of another bot, such as `-play` or `.np`."""


def is_silenced(text: str) -> bool:
    """Return whether a message asks not to be answered: it begins with a mark or a command.

    Commands of other bots are among them, as these are asked then. A message that addresses the bot
    is answered nevertheless.
    """
    return _SILENCED.match(text) is not None
