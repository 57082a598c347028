"""Checks that a candidate has learned: better on corrections held back, and changed at all."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.stats import binomtest

from model.gate_report import Check
from training.features import Matrix
from training.gate.comparison import Compared

LEAST_GAIN: Final = 5
"""Corrections held back that must be right more than before."""

SIGNIFICANT: Final = 0.2
"""Largest p-value of that gain.

Corrections of all genres are mostly of songs that neither model gets right, so that real gains are
seldom significant at 5 %: with 5,000 simulated honest votes, 14 were gained and 8 lost, while one
genre rose by 14 points of F1 and no other fell by one.
"""

SAME: Final = 1e-3
"""Probabilities that differ by less count as unchanged."""


def better_on_corrections(compared: Compared | None, without: str | None = None) -> Check:
    """Check that more of the corrections held back are right than before, beyond noise.

    It is a sign test (one-sided, exact) of the songs that only one of the two models gets right: if
    both were as good, each of these would be a toss-up. The gain must be `LEAST_GAIN` songs, too.

    That the agreed genres are only more probable is not enough: they are after any corrections,
    hostile ones too, as these were made by the same people as the corrections trained on. For the
    same reason the check alone does not stop people who vote alike on many songs; see
    `training.gate.judge`. None of them, `compared` is None, cannot show anything.

    `without` is the version that it is compared with if that is not the active one but one without
    corrections.
    """
    name = "held_back"
    if compared is None:
        sentence = "No corrections were held back to show that it is better."
        return Check(name, passed=False, sentence=sentence)
    before, after = (best == compared.truth for best in (compared.best_before, compared.best_after))
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    p_value = _sign_test(gained, lost)
    passed = gained - lost >= LEAST_GAIN and p_value <= SIGNIFICANT
    unlearns = f"Compared with {without}, which has no corrections: " if without else ""
    return Check(
        name,
        passed,
        f"{unlearns}{after.sum()} of {len(compared.truth)} corrections held back are right, "
        f"{before.sum()} before: {gained} gained, {lost} lost (sign test, p = {p_value:.3f}, "
        f"at most {SIGNIFICANT}): {'it is better' if passed else 'it is not better beyond noise'}.",
    )


def _sign_test(gained: int, lost: int) -> float:
    """Return the probability of so many gains or more if gains and losses are equally probable."""
    if not gained:
        return 1.0
    return float(binomtest(gained, gained + lost, alternative="greater").pvalue)


def changed(compared: Sequence[tuple[Matrix, Matrix]]) -> Check:
    """Check that some song has other probabilities.

    Args:
        compared: Probabilities before and after, [songs, genres], of any sets of songs.
    """
    songs = sum(len(before) for before, _ in compared)
    if not songs:
        return Check("changed", passed=False, sentence="There are no songs to judge it by.")
    count = sum(
        int((np.abs(after - before).max(axis=1) > SAME).sum())
        for before, after in compared
        if len(before)
    )
    sentence = (
        f"{count} of {songs} songs have other probabilities."
        if count
        else f"Nothing has changed: all {songs} songs have the same probabilities as before."
    )
    return Check("changed", count > 0, sentence)
