"""Which files of a message may be sound, by what a chat says of them.

Files that cannot be are not fetched, such as pictures and documents. What a file is, its decoder
finds out from its content.
"""

from pathlib import PurePath
from typing import Final

from model.sound.format_table import SUFFIXES

OTHER_MEDIA: Final = ("image/", "text/", "video/")


def may_be_sound(name: str, media_type: str | None) -> bool:
    """Return whether a file may be sound.

    Args:
        name: Its name.
        media_type: Its media type, such as `audio/mpeg`; None or empty if none is known.
    """
    kind = (media_type or "").strip().casefold()
    if kind.startswith("audio/"):
        return True
    return not kind.startswith(OTHER_MEDIA) and PurePath(name).suffix.casefold() in SUFFIXES
