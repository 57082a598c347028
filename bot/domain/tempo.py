"""Doubt about a tempo: trackers often find half or double of what people tap.

See McKinney et al., Evaluation of audio beat tracking and music tempo extraction algorithms, 2007,
https://doi.org/10.1080/09298210701653252.
"""

from collections.abc import Iterable
from typing import Final

LOW: Final = 77.0
HIGH: Final = 175.0
"""BPM between which 90 % of the 188,215 tempos in the training tables lie."""

TOLERANCE: Final = 0.03
"""Relative difference up to which two sources' tempos count as equal."""


def is_half_or_double(one: float, other: float) -> bool:
    """Return whether one tempo is about twice the other; both are in BPM."""
    low, high = sorted((one, other))
    return low > 0 and abs(high / (2 * low) - 1) <= TOLERANCE


def other_tempo(tempo: float, others: Iterable[float] = ()) -> float | None:
    """Return the tempo in BPM that may be meant instead; None without doubt.

    Args:
        tempo: The tempo in BPM.
        others: The same track's tempo by other sources. One that is half or double is returned.
            Without one, the double of an unusually slow and the half of an unusually fast tempo is.
    """
    for other in others:
        if is_half_or_double(tempo, other):
            return other
    if 0 < tempo < LOW:
        return 2 * tempo
    return tempo / 2 if tempo > HIGH else None
