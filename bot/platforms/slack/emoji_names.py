"""Slack's names of the emoji that are votes."""

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
"""The emoji of `bot.domain.emoji.GENRES` by Slack's names."""

ALIASES: Final[Mapping[str, str]] = {"metal": "sign_of_the_horns"}

_SKIN_TONE: Final = re.compile(r"::skin-tone-\d$")


def said(name: str) -> tuple[VoteKind, str | None] | None:
    """Read a reaction, by its name with or without skin tone; None when it is no vote.

    A workspace's own emoji counts when it is called as a genre is.
    """
    bare = _SKIN_TONE.sub("", name)
    if bare == RIGHT:
        return VoteKind.RIGHT, None
    for genre in emoji.GENRES:
        own = {genre, genre.replace("-", "_"), genre.replace("-", ""), genre.replace("&", "n")}
        if bare in own | {GENRES[genre], ALIASES.get(genre)}:
            return VoteKind.REACTION, genre
    return None
