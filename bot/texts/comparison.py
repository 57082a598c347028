"""Words about two songs side by side: verdicts, what differs, what they share."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.cards import Answer
from bot.domain.comparison import Comparison, Contrast, Relation
from bot.domain.tempo import other_tempo
from bot.texts.contrasts import label, value_of
from bot.texts.numbers import and_list, capitalise, format_feature
from bot.texts.song_pairs import Names, names
from bot.texts.traits import is_strong
from model.percentiles import median, share_below
from model.reasons import Reason
from model.verdicts import Verdict

LEAST_DISTANCE: Final = 0.15
"""Share of all songs between two values from which they differ in words."""

CLEAR: Final = 0.3
FAR: Final = 0.6
"""The same from which one song has more of a trait than the other, and far more."""

MODE_DISTANCE: Final = 0.2
"""What the difference of major and minor counts, which is small to the ear."""

MAX_DIFFERENCES: Final = 3
MAX_SHARED: Final = 3

MORE: Final[Mapping[str, str]] = {
    "danceability": "is {far}more danceable",
    "energy": "is {far}more energetic",
    "speechiness": "has {far}more rap or speech",
    "acousticness": "is {far}more acoustic",
    "instrumentalness": "has {far}less singing",
    "liveness": "sounds {far}more like a live recording",
    "valence": "is {far}more cheerful",
    "tempo": "is {far}faster",
    "loudness": "is {far}louder",
    "mode": "is in a major key",
    "duration_ms": "is {far}longer",
    "year": "is {far}newer",
}
"""What is said of the song with the higher value. The pitch of a key is no trait of a song."""

RARE: Final = frozenset({"speechiness", "instrumentalness", "liveness"})
"""Features of which most songs have next to nothing."""

FIGURE: Final[Mapping[str, str]] = {
    "speechiness": "speech ",
    "instrumentalness": "instrumental ",
    "liveness": "live ",
    "valence": "happiness ",
}
"""What the figures are of, where the words do not say it."""

ALIKE: Final[Mapping[str, tuple[str, str]]] = {
    "danceability": ("hard to dance to", "danceable"),
    "energy": ("calm", "energetic"),
    "acousticness": ("hardly acoustic", "acoustic"),
    "valence": ("dark in mood", "cheerful"),
    "tempo": ("slow", "fast"),
    "loudness": ("quiet", "loud"),
    "duration_ms": ("short", "long"),
    "mode": ("in a minor key", ""),
    "speechiness": ("", "full of rap or speech"),
    "instrumentalness": ("", "almost without singing"),
    "liveness": ("", "much like live recordings"),
}
"""What is said of two songs with a low and with a high value; empty if that says nothing."""

LESS_ALIKE: Final[Mapping[str, str]] = {
    "tempo": "rather slow",
    "speechiness": "partly rap or speech",
    "instrumentalness": "mostly instrumental",
}
"""The same unless the card of each song says it without "rather", "some" or "little"."""

SAME_SONG: Final = "That is the same song twice. Pick another one to compare it with."
VERSIONS: Final = "Two versions of one song."
ALIKE_FIGURES: Final = "Nothing differs much: their figures are about the same."
NO_FIGURES: Final = (
    "No figures of {} are known: it is judged from the sound alone, so its features cannot be "
    "compared."
)
NO_FIGURES_OF_BOTH: Final = (
    "No figures of these songs are known: they are judged from the sound alone, so their features "
    "cannot be compared."
)
OCTAVE: Final = (
    "Their tempos, {} and {}, may be the same: one is about twice the other, and measuring often "
    "finds half or double of what people tap."
)


def called(comparison: Comparison) -> Names:
    """Return what the songs are called."""
    return names(comparison.first.subject, comparison.second.subject)


def headline(comparison: Comparison) -> str:
    """Return what both songs sound like, in the words of their verdicts, as one sentence."""
    first, second = comparison.first, comparison.second
    if together := _together(first, second):
        return together
    one, other = map(_says, (first, second), called(comparison))
    is_same_genre = first.leading is not None and first.leading == second.leading
    is_unsure = Verdict.UNSURE in (first.prediction.verdict, second.prediction.verdict)
    return capitalise(f"{one}{';' if is_unsure else ','} {other}{', too' * is_same_genre}.")


def _together(first: Answer, second: Answer) -> str:
    """Return the sentence on two songs with the same verdict; empty if they differ."""
    if _kind(first) != _kind(second):
        return ""
    if first.prediction.verdict is Verdict.UNSURE:
        return "Of both it is hard to say."
    if first.leading is None:
        return f"Both are between {and_list(first.prediction.named)}."
    return f"Both {'lean' if _leans(first) else 'sound like'} {first.leading}."


def _kind(answer: Answer) -> object:
    """Return what is equal for answers of which the same is said."""
    if answer.prediction.verdict is Verdict.UNSURE:
        return Verdict.UNSURE
    named = [answer.leading] if answer.leading else answer.prediction.named
    return _leans(answer), frozenset(named)


def _leans(answer: Answer) -> bool:
    """Return whether the verdict names another genre after the first."""
    return len(answer.prediction.named) > 1


def _says(answer: Answer, name: str) -> str:
    if answer.prediction.verdict is Verdict.UNSURE:
        return f"of {name} it is hard to say"
    if answer.leading is None:
        return f"{name} is between {and_list(answer.prediction.named)}"
    return f"{name} {'leans' if _leans(answer) else 'sounds like'} {answer.leading}"


def relation(comparison: Comparison) -> str:
    """Return that both are versions of one song; empty if they are not."""
    return VERSIONS if comparison.relation is Relation.VERSIONS else ""


def differences(comparison: Comparison) -> list[str]:
    """Return the largest differences, each as a sentence, or that nothing differs much.

    A doubt about the tempos is the last one. None if no feature of both is known.
    """
    known = comparison.known
    if not known:
        return []
    audible = [one for one in known if _is_audible(one)]
    largest = sorted(audible, key=_distance, reverse=True)[:MAX_DIFFERENCES]
    found = [_difference(one, called(comparison)) for one in largest]
    octaves = (one.values for one in known if one.is_octave)
    doubts = [
        OCTAVE.format(*(format_feature("tempo", one) for one in values)) for values in octaves
    ]
    return [*(found or [ALIKE_FIGURES]), *doubts]


def _is_audible(contrast: Contrast) -> bool:
    """Return whether people hear the difference.

    A feature that is near zero in most songs counts only if it is high in one of the two. Tempos
    count only if their order stays the same when half or double of one is meant.
    """
    name = contrast.feature
    if name not in MORE or contrast.looks_equal or _distance(contrast) < LEAST_DISTANCE:
        return False
    if name == "tempo":
        return not _may_turn(min(contrast.values), max(contrast.values))
    more = Reason(name, max(contrast.values), min(contrast.values), 0.0)
    return name not in RARE or more.is_distinctive


def _may_turn(slow: float, fast: float) -> bool:
    """Return whether the slower song is the faster one if another tempo is meant."""
    return (other_tempo(slow) or slow) > fast or (other_tempo(fast) or fast) < slow


def _distance(contrast: Contrast) -> float:
    return MODE_DISTANCE if contrast.feature == "mode" else contrast.distance


def _difference(contrast: Contrast, songs: Names) -> str:
    feature = contrast.feature
    by_value = sorted(zip(contrast.values, songs, strict=True), reverse=True)
    (high, more), (low, less) = by_value
    if feature == "mode":
        return capitalise(f"{more} {MORE[feature]}, {less} in a minor one.")
    much = contrast.distance
    degree = "far " if much >= FAR else "" if much >= CLEAR else "a little "
    figures = f"{FIGURE.get(feature, '')}{value_of(feature, high)} vs {value_of(feature, low)}"
    return capitalise(f"{more} {MORE[feature].format(far=degree)} ({figures}).")


def shared(comparison: Comparison) -> str:
    """Return what stands out in both songs, and where both are filed; empty if nothing."""
    found = sorted(filter(_alike, comparison.known), key=_unusual, reverse=True)[:MAX_SHARED]
    order = list(ALIKE)  # adjectives come first, so that the list reads well
    traits = [_alike(one) for one in sorted(found, key=lambda one: order.index(one.feature))]
    filed = _filed_alike(comparison)
    said = [f"Both are {and_list(traits)}."] if traits else []
    return " ".join([*said, f"Both are filed under {and_list(filed)}."] if filed else said)


def _alike(contrast: Contrast) -> str:
    """Return what is unusual in both songs alike; empty if nothing is."""
    name = contrast.feature
    if name not in ALIKE:
        return ""
    middle = median(name)
    sides = {value >= middle for value in contrast.values}
    reasons = [Reason(name, value, middle, 0.0) for value in contrast.values]
    if len(sides) > 1 or not all(reason.is_distinctive for reason in reasons):
        return ""
    return ALIKE[name][sides.pop()] if all(map(is_strong, reasons)) else LESS_ALIKE[name]


def _unusual(contrast: Contrast) -> float:
    """Return how far the nearer value is from the median, 0-0.5."""
    return min(abs(share_below(contrast.feature, value) - 0.5) for value in contrast.values)


def _filed_alike(comparison: Comparison) -> Sequence[str]:
    first, second = comparison.first.filed_under, comparison.second.filed_under
    if first is None or second is None:
        return ()
    return [genre for genre in first.genres if genre in second.genres]


def gaps(comparison: Comparison) -> list[str]:
    """Return what is known of one song only, as sentences."""
    songs = list(zip((comparison.first, comparison.second), called(comparison), strict=True))
    silent = [name for answer, name in songs if answer.by_sound_alone]
    if len(silent) == len(songs):
        return [NO_FIGURES_OF_BOTH]
    if silent:
        return [NO_FIGURES.format(silent[0])]
    by_song = zip(songs, (comparison.unknown_of_first, comparison.unknown_of_second), strict=True)
    return [
        f"Not known of {name}: {and_list(label(feature).lower() for feature in missing)}."
        for (_, name), missing in by_song
        if missing
    ]
