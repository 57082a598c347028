"""Sentences about where the world files a track, and whether the sound agrees."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts.numbers import and_list, capitalise, or_list
from model.verdicts import Verdict

FILED: Final = "filed under"
"""Legend of the chart's outlined bars."""


def filed_under(answer: Answer) -> str:
    """Return where the track is filed and what the sound says of it; empty if it is unknown.

    The features stand for the sound, unless it was listened to as well: they are figures then.
    """
    filed = answer.filed_under
    if filed is None:
        return ""
    genres, named = and_list(filed.genres), answer.prediction.named
    sound = or_list(named)
    figures = answer.heard is not None and not answer.by_sound_alone
    if answer.prediction.verdict is Verdict.UNSURE:
        alone = "The figures alone do" if figures else "The sound alone does"
        return f"Filed under {genres}. {alone} not tell: {sound}."
    if set(filed.genres) == set(named):
        return f"Filed under {genres}, and it sounds like it."
    say = "the figures say" if figures else "the sound says"
    if answer.agreement is Agreement.DISAGREES:
        return f"Filed under {genres}, but {say} {sound}."
    return f"Filed under {genres}. {capitalise(say)} {sound}."
