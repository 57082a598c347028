"""Checks that a candidate is not worse than the model before it on frozen songs."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from model.gate_report import Check, GenreChange
from training.evaluation import Codes, calibration_error, f1_by_genre, weighted_f1
from training.gate.bootstrap import Floats, Paired, holm
from training.gate.comparison import Compared

WORST_GAP: Final = -0.02
"""Lowest difference of the weighted F1, even if it is not beyond noise."""

WORST_GAP_SONGS: Final = 1000
"""Number of songs from which `WORST_GAP` applies; on fewer, equal models may differ by more."""

GENRE_MARGIN: Final = 0.02
"""The F1 of a genre may fall by so much."""

GENRE_SONGS: Final = 20
"""Number of songs of a genre from which it is checked on its own."""

SIGNIFICANT: Final = 0.05
"""A genre has lost beyond noise if the p-value of its loss, corrected by Holm, is below this."""

CALIBRATION_MARGIN: Final = 0.02
"""The expected calibration error may rise by so much, beyond noise."""

CALIBRATION_LIMIT: Final = 0.15
"""Highest expected calibration error, unless it was higher before."""

CALIBRATION_SONGS: Final = 200
"""Number of songs from which `CALIBRATION_LIMIT` applies; on fewer, noise alone may reach it."""

SELECTED: Final = "corrections"
"""Songs that people chose because of the model's answer; their calibration error has no limit."""


def not_worse(compared: Compared, noise: Paired, name: str) -> Check:
    """Check the weighted F1: the interval of its difference must not lie below 0."""
    before, after = (
        float(weighted_f1(confusion(best, compared)))
        for best in (compared.best_before, compared.best_after)
    )
    low, high = noise.weighted_f1_gap()
    gap, songs = after - before, len(compared.songs)
    passed = high >= 0 and not (songs >= WORST_GAP_SONGS and gap < WORST_GAP)
    sentence = (
        f"On {compared.title} ({songs}), its weighted F1 is {after:.3f}, {before:.3f} before "
        f"(difference {gap:+.3f}, 95 % interval {low:+.3f} to {high:+.3f})"
    )
    return Check(name, passed, f"{sentence}{'' if passed else ': it is worse'}.")


def no_genre_lost(compared: Sequence[tuple[Compared, Paired]], name: str = "each_genre") -> Check:
    """Check the F1 of each genre on each set of songs, corrected for their number."""
    found = [(one, own, change) for one, own in compared for change in genre_changes(one)]
    found = [entry for entry in found if entry[2].songs >= GENRE_SONGS]
    if not found:
        sentence = f"No genre has {GENRE_SONGS} frozen songs, so none is checked on its own."
        return Check(name, passed=True, sentence=sentence)
    chances = {id(own): own.chance_of_no_loss() for _, own in compared}
    p_values = np.array([_chance(one, chances[id(own)], change) for one, own, change in found])
    lost = [
        (one, change)
        for (one, _, change), p_value in zip(found, holm(p_values), strict=True)
        if p_value < SIGNIFICANT and change.f1_before - change.f1_after > GENRE_MARGIN
    ]
    if not lost:
        sentence = (
            f"No genre with {GENRE_SONGS} songs or more loses over {GENRE_MARGIN * 100:.0f} points "
            "of F1 beyond noise."
        )
        return Check(name, passed=True, sentence=sentence)
    named = "; ".join(
        f"{change.genre} on {one.title} ({change.songs}): F1 {change.f1_after:.3f}, "
        f"{change.f1_before:.3f} before"
        for one, change in lost
    )
    return Check(name, passed=False, sentence=f"Genres have lost: {named}.")


def calibrated(compared: Compared, noise: Paired) -> Check:
    """Check that the most probable genre is right as often as its probability says."""
    before = calibration_error(compared.before, compared.truth)
    after = calibration_error(compared.after, compared.truth)
    low, _ = noise.calibration_gap()
    rises = low > 0 and after - before > CALIBRATION_MARGIN
    limited = len(compared.songs) >= CALIBRATION_SONGS and compared.kind != SELECTED
    too_high = limited and after > max(CALIBRATION_LIMIT, before)
    sentence = (
        f"On {compared.title}, its expected calibration error is {after:.3f}, {before:.3f} before"
    )
    problem = ": its probabilities cannot be relied on" if rises or too_high else ""
    return Check(f"calibration_{compared.kind}", not problem, f"{sentence}{problem}.")


def genre_changes(compared: Compared) -> Iterator[GenreChange]:
    """Yield what happened to each genre that one of the songs has."""
    before = confusion(compared.best_before, compared)
    after = confusion(compared.best_after, compared)
    f1_before, f1_after = f1_by_genre(before), f1_by_genre(after)
    for index, genre in enumerate(compared.genres):
        if songs := int(before[index].sum()):
            yield GenreChange(
                data=compared.kind,
                genre=genre,
                songs=songs,
                right_before=_rounded(before[index, index] / songs),
                right_after=_rounded(after[index, index] / songs),
                f1_before=_rounded(f1_before[index]),
                f1_after=_rounded(f1_after[index]),
            )


def confusion(best: Codes, compared: Compared) -> Floats:
    """Return the confusion matrix, [true genre, predicted genre]."""
    counts = np.zeros((len(compared.genres), len(compared.genres)))
    np.add.at(counts, (compared.truth, best), 1)
    return counts


def _chance(compared: Compared, chances: Floats, change: GenreChange) -> float:
    return float(chances[compared.genres.index(change.genre)])


def _rounded(value: float) -> float:
    return round(float(value), 4)
