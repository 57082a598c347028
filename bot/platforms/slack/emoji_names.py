"""Slack's names of emoji: of those that are votes, and the characters of any."""

import re
from collections.abc import Mapping
from typing import Final

from bot.domain import emoji
from bot.domain.votes import VoteKind

RIGHT: Final = "white_check_mark"
DELETE: Final = "wastebasket"
GENRES: Final[Mapping[str, str]] = {
    "rock": "guitar",
    "metal": "the_horns",
    "pop": "microphone",
    "hip-hop": "billed_cap",
    "r&b": "purple_heart",
    "electronic": "control_knobs",
    "country": "face_with_cowboy_hat",
    "folk": "banjo",
    "jazz": "saxophone",
    "blues": "blue_heart",
    "classical": "violin",
    "latin": "dancer",
    "reggae": "palm_tree",
}
"""Names of the emoji in `bot.domain.emoji.GENRES`."""

ALIASES: Final[Mapping[str, str]] = {"metal": "sign_of_the_horns"}

_SKIN_TONE: Final = re.compile(r"::skin-tone-\d$")
_NAME: Final = re.compile(r"(?<!\w):([a-z0-9_+-]+):(?::skin-tone-([2-6]):)?")


def parse_reaction(name: str) -> tuple[VoteKind, str | None] | None:
    """Return the kind of vote and the genre that a reaction stands for; None if it is no vote.

    Skin tones are ignored. A workspace's custom emoji counts if it is named like a genre.
    """
    bare = _SKIN_TONE.sub("", name)
    if bare == RIGHT:
        return VoteKind.RIGHT, None
    for genre in emoji.GENRES:
        custom = {genre, genre.replace("-", "_"), genre.replace("-", ""), genre.replace("&", "n")}
        if bare in custom | {GENRES[genre], ALIASES.get(genre)}:
            return VoteKind.REACTION, genre
    return None


def with_characters(text: str) -> str:
    """Return a text with emoji as characters, which Slack sends as names in colons.

    Names that are not known, as of a workspace's custom emoji, stay.
    """
    return _NAME.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    """Return the character of a name in colons; the name itself if it is not known."""
    from rich.emoji import Emoji  # noqa: PLC0415 - thousands of names, which few commands need

    name, tone = found.groups()
    genre = next((genre for genre in GENRES if name in {GENRES[genre], ALIASES.get(genre)}), None)
    code = f":{name}:"
    character = emoji.GENRES[genre] if genre else Emoji.replace(code)
    if character == code:
        return found[0]
    return f"{character}{emoji.SKIN_TONES[int(tone) - 2]}" if tone else character
