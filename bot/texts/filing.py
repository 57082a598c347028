"""Sentences about where the world files a track, and whether the sound agrees."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts import sound
from bot.texts.numbers import and_list, capitalise, or_list
from model.verdicts import Verdict

FILED: Final = "filed under"
"""Legend of the chart's outlined bars."""


def filed_under(answer: Answer) -> str:
    """Return where the track is filed and what the sound says of it; empty if it is unknown.

    The features stand for the sound, unless it was listened to as well: they are figures then. What
    the verdict and the sound's own line say already is not said again.
    """
    filed = answer.filed_under
    if filed is None:
        return ""
    genres, named = and_list(filed.genres), answer.prediction.named
    if answer.filed_untold and answer.agreement is Agreement.UNKNOWN:
        return f"Filed under {genres}{_untold(answer)}."
    if answer.prediction.verdict is Verdict.UNSURE and answer.heard is None:
        return f"Filed under {genres}. The sound alone does not tell: {or_list(named)}."
    if answer.prediction.verdict is Verdict.UNSURE or sound.contradicts(answer):
        return f"Filed under {genres}."
    if set(filed.genres) == set(named):
        return f"Filed under {genres}, and it sounds like it."
    say = f"{_judges(answer)} {or_list(named)}"
    if answer.agreement is Agreement.DISAGREES:
        return f"Filed under {genres}, but {say}."
    return f"Filed under {genres}. {capitalise(say)}."


def _judges(answer: Answer) -> str:
    """Return of what the verdict is, with its verb."""
    if answer.by_numbers:
        return "figures and sound say"
    figures = answer.heard is not None and not answer.by_sound_alone
    return "the figures say" if figures else "the sound says"


def _untold(answer: Answer) -> str:
    """Return which filed genres cannot be named, as the end of a sentence."""
    untold = answer.filed_untold
    who, how = ("I", " by ear") if answer.by_sound_alone else ("this model", "")
    if answer.filed_under and set(untold) == set(answer.filed_under.genres):
        return f", which {who} can't tell{how}"
    return f"; {who} can't tell {or_list(untold)}{how}"
