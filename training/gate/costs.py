"""Checks of a candidate's size and of the time of a prediction."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model.gate_report import Check
from model.schema import INPUT_NAMES
from training.gate.contender import Contender

GROWTH: Final = 3
"""A candidate may be so many times larger or slower than the active model."""

SMALL_BYTES: Final = 4_000_000
LARGEST_BYTES: Final = 32_000_000
"""A size that is always allowed, and one that never is."""

FAST_SECONDS: Final = 0.001
SLOWEST_SECONDS: Final = 0.010
"""Times of a prediction that are always and never allowed: the bot predicts on its event loop."""

RUNS: Final = 101
"""Number of timed predictions of each model; their median counts."""

Timer = Callable[[], float]
"""Returns seconds since some moment."""


def small_enough(active: Contender, candidate: Contender) -> Check:
    """Check the size of the served networks."""
    limit = min(max(GROWTH * active.size, SMALL_BYTES), LARGEST_BYTES)
    sentence = (
        f"It has {candidate.size / 1e6:.1f} MB, {active.size / 1e6:.1f} MB before; "
        f"the limit is {limit / 1e6:.1f} MB."
    )
    return Check("size", candidate.size <= limit, sentence)


def fast_enough(active: Contender, candidate: Contender, timer: Timer) -> Check:
    """Check the median time of single predictions, in which the models take turns.

    Load of the computer then slows both down.
    """
    song = np.full((1, len(INPUT_NAMES)), 0.5, dtype=np.float32)
    seconds = np.empty((RUNS, 2))
    for run in range(RUNS):
        for column, contender in enumerate((active, candidate)):
            start = timer()
            contender.probabilities(song)
            seconds[run, column] = timer() - start
    before, after = np.median(seconds, axis=0)
    limit = min(max(GROWTH * before, FAST_SECONDS), SLOWEST_SECONDS)
    sentence = (
        f"A prediction takes {after * 1000:.2f} ms, {before * 1000:.2f} ms before; "
        f"the limit is {limit * 1000:.1f} ms."
    )
    return Check("latency", bool(after <= limit), sentence)
