"""Whether corrections held back show that a candidate is better."""

import numpy as np
import pytest

from training.gate.comparison import Compared
from training.gate.learned import better_on_corrections


def compared(gained: int, lost: int, both: int = 0) -> Compared:
    """Return answers to corrections of rock: right after, right before, and right in both."""
    before = np.array([0] * gained + [1] * lost + [1] * both)
    after = np.array([1] * gained + [0] * lost + [1] * both)
    names = tuple(f"song {number}" for number in range(len(before)))
    sure = np.eye(2, dtype=np.float32)
    return Compared(
        title="the corrections held back",
        kind="corrections",
        genres=("jazz", "rock"),
        songs=names,
        artists=names,
        truth=np.ones(len(names), np.intp),
        before=sure[before],
        after=sure[after],
    )


@pytest.mark.parametrize(
    ("gained", "lost", "passes"),
    [
        (5, 0, True),
        (4, 0, False),
        (3, 0, False),  # of 47, after 1,000 hostile votes
        (1, 0, False),
        (0, 0, False),
        (0, 5, False),
        (7, 1, True),
        (6, 2, False),
        (14, 8, True),
        (13, 9, False),
        (183, 174, False),
    ],
)
def test_more_must_be_right_than_by_chance(gained: int, lost: int, *, passes: bool) -> None:
    check = better_on_corrections(compared(gained, lost, both=40))
    assert check.passed is passes
    assert f"{gained + 40} of {gained + lost + 40} corrections held back are right" in (
        check.sentence
    )
    assert f"{gained} gained, {lost} lost" in check.sentence


def test_the_sentence_has_the_p_value() -> None:
    """Of 6 songs all 6 are gained in one of 64 cases by chance."""
    assert "p = 0.016" in better_on_corrections(compared(6, 0)).sentence
