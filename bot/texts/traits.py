"""Reasons of an answer in words, as plain traits of the song."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.texts.numbers import and_list, format_feature
from model.percentiles import share_below
from model.reasons import MAX_REASONS, Reason
from model.schema import YEAR
from model.verdicts import Verdict

COMPARED: Final[Mapping[str, tuple[str, str]]] = {
    "danceability": ("hard to dance to", "danceable"),
    "energy": ("calm", "energetic"),
    "acousticness": ("hardly acoustic", "acoustic"),
    "valence": ("dark in mood", "cheerful"),
    "loudness": ("quiet", "loud"),
}
"""Words for a low and a high value, of which a person is told how many songs have less of it."""

MEASURED: Final[Mapping[str, tuple[str, str]]] = {
    "tempo": ("slow", "fast"),
    "duration_ms": ("short", "long"),
}
"""Words for a low and a high value that tells a person something itself."""

NO_DEGREES: Final = frozenset({"hard to dance to", "hardly acoustic", "dark in mood"})
"""Words that "very" and "rather" do not suit."""

VERY: Final = 9
RATHER: Final = 7
"""Tenths of the songs with less of a trait, from which it is "very", and up to which "rather"."""

SLOW: Final = 0.1
"""Share of the songs that are slower, up to which a song is slow and not only rather so: 83 BPM."""

MANY_WORDS: Final = 0.9
"""Share of the songs with less speech, from which there is much of it."""

NO_SINGING: Final = 0.8
"""Instrumentalness from which hardly anyone sings."""


def traits(answer: Answer) -> tuple[str, ...]:
    """Return the reasons as traits, at most three, strongest first."""
    return tuple(map(reason, heard_reasons(answer)))


def heard_reasons(answer: Answer) -> tuple[Reason, ...]:
    """Return the reasons that a person can hear; answers of earlier versions have others, too."""
    return tuple(one for one in answer.reasons if one.is_distinctive)[:MAX_REASONS]


def why(answer: Answer) -> str:
    """Return the reasons for the first genre in one sentence, empty if there are none.

    An unsure verdict states no genre that they could be for: then it is what stands out, if that is
    more than one trait.
    """
    found = [_trait(one, "{} ({})") for one in heard_reasons(answer)]
    if answer.prediction.verdict is Verdict.UNSURE:
        return f"What stands out: {and_list(found)}." if len(found) > 1 else ""
    return f"Why {answer.prediction.best}: {and_list(found)}." if found else ""


def reason(item: Reason) -> str:
    """Return a distinctive reason as a trait of the song, as in "fast, 136 BPM"."""
    return _trait(item, "{}: {}" if item.feature in COMPARED else "{}, {}")


def _trait(item: Reason, form: str) -> str:
    """Return a trait; `form` has places for its words and its figure, if it has one."""
    match item.feature:
        case YEAR.name:
            return f"from {item.value:.0f}"
        case "mode":
            return f"in a {format_feature('mode', item.value)} key"
        case "liveness":
            return "sounds like a live recording"
        case "instrumentalness":
            return "almost no singing" if item.value >= NO_SINGING else "little singing"
        case "speechiness":
            has_many = share_below("speechiness", item.value) >= MANY_WORDS
            return "rap or many spoken words" if has_many else "some rap or spoken words"
        case "tempo" | "duration_ms":
            return form.format(_measured(item), format_feature(item.feature, item.value))
    return _compared(item, form)


def _measured(item: Reason) -> str:
    word = MEASURED[item.feature][item.value >= item.typical]
    share = share_below(item.feature, item.value)
    return f"rather {word}" if word == "slow" and share > SLOW else word


def _compared(item: Reason, form: str) -> str:
    share = share_below(item.feature, item.value)
    is_high = item.value >= item.typical
    tenths = min(int(round((share if is_high else 1 - share) * 10, 6)), VERY)
    word = COMPARED[item.feature][is_high]
    if word == "hardly acoustic":  # songs that have less of it are the more acoustic ones
        return word
    degree = "very " if tenths >= VERY else "rather " if tenths <= RATHER else ""
    words = word if word in NO_DEGREES else f"{degree}{word}"
    return form.format(words, f"more than {tenths} of 10 songs")
