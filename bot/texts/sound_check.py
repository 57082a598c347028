"""What `check` says about listening to sound."""

from collections.abc import Sequence
from typing import Final

from bot.texts.commands import INSTALL_AUDIO
from bot.texts.details import SOURCES
from bot.texts.numbers import and_list

NO_AAC: Final = f"m4a and aac files are not read; `{INSTALL_AUDIO}` adds that"
NO_ITUNES: Final = (
    "previews of iTunes cannot be heard: they are m4a (AAC), which is not read; "
    f"`{INSTALL_AUDIO}` adds that"
)

NOTHING_TO_ANALYSE: Final = (
    "RECCOBEATS_ANALYSIS sends previews, and PREVIEWS names none; docs/sources.md says how"
)


def tagger(version: str) -> str:
    """Return which networks listen."""
    return f"the networks that listen are those of tagger {version}"


def no_tagger(folder: object) -> str:
    """Return that TAGGERS_DIR names a folder without a tagger."""
    return (
        f"TAGGERS_DIR: there is no tagger in {folder}. `soundslike train audio` writes one; "
        "without this setting, the one that comes with the bot listens."
    )


def cannot_listen(error: Exception) -> str:
    """Return that sound files cannot be read."""
    return f"sound files cannot be listened to: {error}"


def confined(missing: Sequence[str]) -> str:
    """Return how the process that reads sound files is confined; `missing` are limits that fail."""
    if not missing:
        return "the process that reads sound files reaches neither the network nor other files"
    return (
        "the process that reads sound files is confined less than it could be: this system sets no "
        f"limit on {and_list(missing)}; docs/security.md says what that means"
    )


def previews(services: Sequence[str], *, sent: bool) -> str:
    """Return whose previews are listened to, and whether they are sent on."""
    names = and_list(dict.fromkeys(SOURCES[name] for name in services))
    onward = " and sends them to ReccoBeats" if sent else ""
    return f"listens to previews of {names}{onward}; docs/sources.md has their terms"
