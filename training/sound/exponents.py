"""Learns the exponents by which the probabilities of numbers and of sound are multiplied.

They are kept only if the product has a lower log-loss than the numbers alone, beyond noise, on
clips whose artists the exponents were not fitted on; see `model.sound.fusion.product`.
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

START: Final = (1.0, 0.5)
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
    """Exponents, and the difference of the product's log-loss from that of the numbers alone."""

    exponents: Exponents
    log_loss: Difference

    @property
    def is_better(self) -> bool:
        """Whether the product is better than the numbers alone, beyond noise."""
        return self.log_loss.high < 0


def learn(opinions: Opinions, seed: int = 0) -> Learned:
    """Fit exponents on all clips, and measure on each part those that are fitted on the others."""
    fold = np.array([int(share_of(one, f"exponents {seed}") * FOLDS) for one in opinions.artists])
    differences = np.zeros(len(fold))
    for number in range(FOLDS):
        own = fold == number
        if own.any() and not own.all():
            exponents = fit_exponents(opinions.part(~own))
            tested = opinions.part(own)
            differences[own] = tested.losses(exponents) - tested.losses()
    return Learned(fit_exponents(opinions), paired_difference(differences, opinions.artists, seed))


def fit_exponents(opinions: Opinions) -> Exponents:
    """Return the exponents of lowest log-loss, in 0 to LARGEST."""

    def loss(exponents: Doubles) -> float:
        return float(opinions.losses(Exponents(*exponents.tolist())).mean())

    best = minimize(loss, START, bounds=[(0.0, LARGEST)] * 2, method="L-BFGS-B")
    numbers, sound = (round(float(one), DIGITS) for one in best.x)
    return Exponents(numbers, sound)
