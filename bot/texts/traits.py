"""Reasons of an answer in words, as plain traits of the song."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.texts.numbers import and_list, format_feature
from model.percentiles import median, share_below
from model.reasons import MAX_REASONS, SUPPORTING, Reason
from model.schema import NAMES, YEAR
from model.verdicts import Verdict

HARDLY: Final = "hardly acoustic"
"""Said without a number of songs: those that have less of it are the more acoustic ones."""

COMPARED: Final[Mapping[str, tuple[str, str]]] = {
    "danceability": ("harder to dance to", "more danceable"),
    "energy": ("calmer", "more energetic"),
    "acousticness": (HARDLY, "more acoustic"),
    "valence": ("darker in mood", "more cheerful"),
    "loudness": ("quieter", "louder"),
}
"""Words for a low and a high value, with the number of songs that have less of it."""

VERY: Final[Mapping[str, tuple[str | None, str]]] = {
    "danceability": (None, "very danceable"),
    "energy": ("very calm", "very energetic"),
    "acousticness": (None, "very acoustic"),
    "valence": (None, "very cheerful"),
    "loudness": ("very quiet", "very loud"),
}
"""The same from `MOST` tenths of the songs; None where "very" suits no word."""

MEASURED: Final[Mapping[str, tuple[str, str]]] = {
    "tempo": ("slow", "fast"),
    "duration_ms": ("short", "long"),
}
"""Words for a low and a high value, with the value itself."""

MOST: Final = 9
"""Tenths of the songs with less of a trait, from which a song has very much of it."""

SLOW: Final = 0.1
"""Share of the songs that are slower, up to which a song is slow and not only rather so: 83 BPM."""

MUCH_SPEECH: Final = 0.9
"""Share of the songs with less speech, from which there is much of it."""

NO_SINGING: Final = 0.8
"""Instrumentalness from which hardly anyone sings."""


def reasons(answer: Answer) -> tuple[str, ...]:
    """Return the reasons for the first genre as traits, at most three, strongest first."""
    return tuple(map(reason, heard_reasons(answer)))


def traits(answer: Answer) -> tuple[str, ...]:
    """Return three traits of the song, or as many as it has: reasons, then what else stands out."""
    found = heard_reasons(answer)
    known = {one.feature for one in found}
    others = (one for one in standing_out(answer) if one.feature not in known)
    return tuple(map(reason, (*found, *others)))[:MAX_REASONS]


def standing_out(answer: Answer) -> list[Reason]:
    """Return the features that a person notices, the least usual ones first.

    They need not speak for a genre. Those that every genre has come last.
    """
    values = answer.features.values
    found = (Reason(name, values[name], median(name), 0.0) for name in NAMES if name in values)
    distances = {
        one: abs(share_below(one.feature, one.value) - 0.5) for one in found if one.is_distinctive
    }
    return sorted(distances, key=lambda one: (one.feature in SUPPORTING, -distances[one]))


def heard_reasons(answer: Answer) -> tuple[Reason, ...]:
    """Return the reasons that a person can hear; answers of earlier versions have others, too."""
    return tuple(one for one in answer.reasons if one.is_distinctive)[:MAX_REASONS]


def why(answer: Answer) -> str:
    """Return the reasons for the first genre in one sentence, empty if there are none.

    "Why" is said of a genre that the verdict puts first; of two alike it is what speaks for one.
    Without tempo and length in figures, which are `facts` of the same card.
    An unsure verdict states no genre that they could be for: then, or without reasons, it is what
    stands out in the song.
    """
    found = heard_reasons(answer)
    if answer.prediction.verdict is Verdict.UNSURE or not found:
        start, found = "What stands out", tuple(standing_out(answer))[:MAX_REASONS]
    else:
        start = f"{'Why' if answer.leading else 'What speaks for'} {answer.prediction.best}"
    said = [_trait(one, "{} ({})", measured="{}") for one in found]
    return f"{start}: {and_list(said)}." if said else ""


def reason(item: Reason) -> str:
    """Return a distinctive reason as a trait of the song, as in "fast, 136 BPM"."""
    return _trait(item, "{}: {}", measured="{}, {}")


def is_strong(item: Reason) -> bool:
    """Return whether a distinctive value is told without "some", "little" or "rather"."""
    share = share_below(item.feature, item.value)
    match item.feature:
        case "instrumentalness":
            return item.value >= NO_SINGING
        case "speechiness":
            return share >= MUCH_SPEECH
        case "tempo":
            return item.value >= item.typical or share <= SLOW
    return True


def _trait(item: Reason, compared: str, *, measured: str) -> str:
    """Return a trait; the forms have places for its words and its figure, if it has one."""
    match item.feature:
        case YEAR.name:
            return f"from {item.value:.0f}"
        case "mode":
            return f"in a {format_feature('mode', item.value)} key"
        case "liveness":
            return "sounds like a live recording"
        case "instrumentalness":
            return "almost no singing" if is_strong(item) else "little singing"
        case "speechiness":
            return "rap or much speech" if is_strong(item) else "some rap or speech"
        case "tempo" | "duration_ms":
            return measured.format(_measured(item), format_feature(item.feature, item.value))
    return _compared(item, compared)


def _measured(item: Reason) -> str:
    word = MEASURED[item.feature][item.value >= item.typical]
    return word if is_strong(item) else f"rather {word}"


def _compared(item: Reason, form: str) -> str:
    share = share_below(item.feature, item.value)
    is_high = item.value >= item.typical
    tenths = min(int(round((share if is_high else 1 - share) * 10, 6)), MOST)
    words, very = COMPARED[item.feature][is_high], VERY[item.feature][is_high]
    if words == HARDLY:
        return words
    if very and tenths >= MOST:
        return form.format(very, f"more than {tenths} of 10 songs")
    return f"{words} than {tenths} of 10 songs"
