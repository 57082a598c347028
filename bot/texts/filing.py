"""Sentences about where the world files a track, and whether the sound agrees."""

from typing import Final

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts.numbers import and_list, or_list
from model.verdicts import Verdict

FILED: Final = "filed under"
"""Legend of the chart's outlined bars."""


def filed_under(answer: Answer) -> str:
    """Return where the track is filed and what the sound says of it; empty if it is unknown."""
    filed = answer.filed_under
    if filed is None:
        return ""
    genres, named = and_list(filed.genres), answer.prediction.named
    sound = or_list(named)
    if answer.prediction.verdict is Verdict.UNSURE:
        return f"Filed under {genres}. The sound alone does not tell: {sound}."
    if set(filed.genres) == set(named):
        return f"Filed under {genres}, and it sounds like it."
    if answer.agreement is Agreement.DISAGREES:
        return f"Filed under {genres}, but the sound says {sound}."
    return f"Filed under {genres}. The sound says {sound}."
