"""Sentences about where the world files a track, and whether the sound agrees."""

from collections.abc import Sequence
from typing import Final

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts.numbers import and_list, or_list
from bot.texts.verdicts import says_filing
from model.verdicts import Verdict

FILED: Final = "filed under"
"""Legend of the chart's outlined bars."""


def filed_under(answer: Answer) -> str:
    """Return where the track is filed, and which of it the model cannot name, as a sentence.

    It says how the filing compares with a genre that the verdict puts first: "Filed under rock,
    too.", "Filed under rock, not r&b.". Empty if it is unknown, and if the verdict says it already.
    """
    filed = answer.filed_under
    if filed is None or says_filing(answer):
        return ""
    genres, (first, *others) = and_list(filed.genres), answer.prediction.named
    if answer.filed_untold and answer.agreement is Agreement.UNKNOWN:
        return f"Filed under {genres}{_untold(answer)}."
    names_two = answer.prediction.verdict is Verdict.EITHER and others
    if names_two and set(filed.genres) == {first, *others}:
        return "Filed under both."
    return f"Filed under {genres}{_compared(answer, filed.genres, first)}."


def _compared(answer: Answer, filed: Sequence[str], first: str) -> str:
    """Return how the filed genres compare with the first one, as the end of a sentence."""
    if answer.leading is None:
        return ""
    if first not in filed:
        return f", not {first}"
    return "" if len(filed) > 1 else ", too"


def _untold(answer: Answer) -> str:
    """Return which filed genres cannot be named, as the end of a sentence."""
    untold = answer.filed_untold
    who, how = ("I", " by ear") if answer.by_sound_alone else ("this model", "")
    if answer.filed_under and set(untold) == set(answer.filed_under.genres):
        return f", which {who} can't tell{how}"
    return f"; {who} can't tell {or_list(untold)}{how}"
