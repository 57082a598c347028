"""Sentences about where the world files a track, and whether the sound agrees."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts.numbers import and_list, or_list
from bot.texts.verdicts import says_filing
from model.verdicts import Verdict

FILED: Final = "filed under"
"""Legend of the chart's outlined bars."""


def filed_under(answer: Answer) -> str:
    """Return where the track is filed, and which of it cannot be told, as a sentence.

    Empty if it is unknown, and if the verdict says it already.
    """
    filed = answer.filed_under
    if filed is None or says_filing(answer):
        return ""
    genres, named = and_list(filed.genres), answer.prediction.named
    if answer.filed_untold and answer.agreement is Agreement.UNKNOWN:
        return f"Filed under {genres}{_untold(answer)}."
    if answer.prediction.verdict is not Verdict.UNSURE and set(filed.genres) == set(named):
        return "Filed under both." if len(named) > 1 else f"Filed under {genres}, too."
    return f"Filed under {genres}."


def _untold(answer: Answer) -> str:
    """Return which filed genres cannot be named, as the end of a sentence."""
    untold = answer.filed_untold
    who, how = ("I", " by ear") if answer.by_sound_alone else ("this model", "")
    if answer.filed_under and set(untold) == set(answer.filed_under.genres):
        return f", which {who} can't tell{how}"
    return f"; {who} can't tell {or_list(untold)}{how}"
