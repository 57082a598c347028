"""Checks that a candidate has learned: better on corrections held back, and changed at all."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from model.gate_report import Check
from training.features import Matrix
from training.gate.comparison import Compared

SAME: Final = 1e-3
"""Probabilities that differ by less count as unchanged."""


def better_on_corrections(compared: Compared | None) -> Check:
    """Check that more of the corrections held back are right than before.

    That the agreed genres are only more probable is not enough: they are after any corrections,
    hostile ones too, as these were made by the same people as the corrections trained on. None of
    them, `compared` is None, cannot show anything.
    """
    name = "held_back"
    if compared is None:
        sentence = "No corrections were held back to show that it is better."
        return Check(name, passed=False, sentence=sentence)
    songs = np.arange(len(compared.truth))
    right_before = int((compared.best_before == compared.truth).sum())
    right_after = int((compared.best_after == compared.truth).sum())
    before = float(compared.before[songs, compared.truth].mean())
    after = float(compared.after[songs, compared.truth].mean())
    passed = right_after > right_before
    return Check(
        name,
        passed,
        f"{right_after} of {len(songs)} corrections held back are right, {right_before} before; "
        f"mean probability of the agreed genre {_percent(after)}, {_percent(before)} before: "
        f"{'it is better' if passed else 'it is not better'}.",
    )


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


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
