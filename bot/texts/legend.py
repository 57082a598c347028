"""Legend of a chart."""

from typing import Final

from bot.domain.cards import Answer
from bot.texts.numbers import THIS_SONG
from model.verdicts import Verdict

HALF_OF_ALL: Final = "half of all songs"
"""Label of the marks from the lower to the upper quartile of each feature."""

UNKNOWN: Final = "unknown"
"""Stands for the value of a feature that is not known."""

HARD_TO_SAY: Final = f"{THIS_SONG}: hard to say"


def own(answer: Answer) -> str:
    """Return the label of the song's outline, with its genres if they are in doubt."""
    prediction = answer.prediction
    if prediction.verdict is Verdict.UNSURE:
        return HARD_TO_SAY
    named = prediction.named
    if len(named) == 1:
        return THIS_SONG
    first, second = named
    return f"{THIS_SONG}: {first}{', then' if answer.leading else ' or'} {second}"
