"""Learns the exponents by which the probabilities of numbers and of sound are multiplied.

They are kept only if the product has a lower log-loss than the numbers alone, beyond noise, on
clips whose artists the exponents were not fitted on; and a lower one than the numbers have with an
exponent of their own, as that is no merit of the sound. See `model.sound.fusion.product`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from model.sound.fusion import LEAST, Exponents, product
from training.sound.comparison import Difference, paired_difference
from training.sound.examples import Doubles, Names
from training.split import share_of

MIN_CLIPS: Final = 200
"""Least number of clips with audio features that exponents are learned on."""

FOLDS: Final = 5

LARGEST: Final = 3.0
"""Upper bound of an exponent."""

START_OF_SOUND: Final = 0.5
DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Opinions:
    """What numbers and sound say of clips, neither having been fitted on their artists.

    Attributes:
        numbers: Genres of each clip by its audio features.
        sound: Genres of each clip by its sound.
        truth: Genre of each clip.
        artists: Key of each clip's artist.
    """

    numbers: Sequence[Mapping[str, float]]
    sound: Sequence[Mapping[str, float]]
    truth: Sequence[str]
    artists: Names

    def part(self, chosen: npt.NDArray[np.bool_]) -> "Opinions":
        """Return some of the clips, by a mask."""
        indices = np.flatnonzero(chosen).tolist()
        return Opinions(
            [self.numbers[index] for index in indices],
            [self.sound[index] for index in indices],
            [self.truth[index] for index in indices],
            self.artists[indices],
        )

    def losses(self, exponents: Exponents | None = None) -> Doubles:
        """Return the log-loss of each clip by the product, by the numbers alone without one."""
        probabilities = (
            (product(numbers, sound, exponents) if exponents else numbers).get(genre, 0.0)
            for numbers, sound, genre in zip(self.numbers, self.sound, self.truth, strict=True)
        )
        return np.array([-np.log(max(probability, LEAST)) for probability in probabilities])


@dataclass(frozen=True, slots=True)
class Learned:
    """Exponents, and how they change the log-loss.

    Attributes:
        exponents: The exponents.
        log_loss: Difference of the product's log-loss from that of the numbers as they are.
        log_loss_by_sound: Difference from that of the numbers with an exponent of their own.
    """

    exponents: Exponents
    log_loss: Difference
    log_loss_by_sound: Difference

    @property
    def is_better(self) -> bool:
        """Whether the product is better than the numbers alone, beyond noise."""
        return self.log_loss.high < 0 and self.log_loss_by_sound.high < 0


def learn(opinions: Opinions, seed: int = 0) -> Learned:
    """Fit exponents on all clips, and measure on each part those that are fitted on the others."""
    fold = np.array([int(share_of(one, f"exponents {seed}") * FOLDS) for one in opinions.artists])
    differences, by_sound = np.zeros(len(fold)), np.zeros(len(fold))
    for number in range(FOLDS):
        own = fold == number
        if own.any() and not own.all():
            others, tested = opinions.part(~own), opinions.part(own)
            losses = tested.losses(fit_exponents(others))
            differences[own] = losses - tested.losses()
            by_sound[own] = losses - tested.losses(fit_exponents(others, largest_of_sound=0.0))
    return Learned(
        fit_exponents(opinions),
        paired_difference(differences, opinions.artists, seed),
        paired_difference(by_sound, opinions.artists, seed),
    )


def fit_exponents(opinions: Opinions, largest_of_sound: float = LARGEST) -> Exponents:
    """Return the exponents of lowest log-loss: 0 to LARGEST, of the sound to `largest_of_sound`."""

    def loss(exponents: Doubles) -> float:
        return float(opinions.losses(Exponents(*exponents.tolist())).mean())

    bounds = [(0.0, LARGEST), (0.0, largest_of_sound)]
    start = (1.0, min(START_OF_SOUND, largest_of_sound))
    best = minimize(loss, start, bounds=bounds, method="L-BFGS-B")
    numbers, sound = (round(float(one), DIGITS) for one in best.x)
    return Exponents(numbers, sound)
