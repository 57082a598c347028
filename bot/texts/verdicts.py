"""Verdicts in words that fit the figures, with where the song is filed if that is another genre."""

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.texts import sound
from bot.texts.numbers import and_list, capitalise, percent
from model.verdicts import Verdict


def verdict(answer: Answer) -> str:
    """Return what a card says first, as one sentence.

    It names as many genres as the verdict is about. If the song is filed under none of them, the
    sentence is about that: "Filed under rock, but leans r&b (44 %), then pop."
    """
    if answer.filed_under and says_filing(answer):
        filed = and_list(answer.filed_under.genres)
        return f"Filed under {filed}, but {_says(answer, 'sounds like {} or {}')}."
    return f"{capitalise(_says(answer, 'between {} and {}'))}."


def _says(answer: Answer, two: str) -> str:
    """Return the verdict as the end of a sentence about the song, without a full stop.

    `two` is what is said of two genres of which neither leads.
    """
    prediction = answer.prediction
    best = list(prediction.genres)
    if prediction.verdict is Verdict.UNSURE:
        ear = " by ear" if answer.by_sound_alone else ""
        return f"hard to say{ear}: {', '.join(prediction.named)}"
    judged = _judged(answer)
    if prediction.verdict is Verdict.EITHER and len(best) > 1:
        first, second = best[:2]
        if answer.leading:
            return f"leans {first} ({percent(prediction.genres[first])}), then {second}{judged}"
        return f"{two.format(first, second)}{judged}"
    finer = f", probably {answer.subgenre.name}" if answer.subgenre else ""
    return f"sounds like {best[0]}{finer}{judged}"


def says_filing(answer: Answer) -> bool:
    """Return whether `verdict` says where the song is filed: under none of the genres it names.

    Not if the verdict is unsure, which disagrees with nothing.
    """
    return (
        answer.agreement is Agreement.DISAGREES and answer.prediction.verdict is not Verdict.UNSURE
    )


def _judged(answer: Answer) -> str:
    """Return by what the verdict was reached, where that is not the figures alone."""
    if answer.by_sound_alone:
        return ", judged from the sound alone"
    return ", by its figures" if sound.contradicts(answer) else ""
