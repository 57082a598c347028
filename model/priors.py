"""Priors: how frequent each genre is among the songs that people ask about."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from model.errors import UnknownPrior

PriorName = Literal["popular", "tables", "even"]
"""A prior that bundles are made with."""

KNOWN: Final[tuple[str, ...]] = get_args(PriorName)

DEFAULT_PRIOR: Final = "popular"
"""The prior under which the thresholds of the verdicts hold."""

CALIBRATED_PRIOR: Final = "tables"
"""The prior for which a model's own probabilities are calibrated."""

TOLERANCE: Final = 1e-3
"""Largest difference from 1 of a prior's sum, as its shares are rounded in the metadata."""


@dataclass(frozen=True, slots=True)
class Prior:
    """Share of each genre among the songs that people ask about; the shares sum to 1."""

    name: str
    shares: Mapping[str, float]

    def factors(self, calibrated: "Prior", temper: float, genres: Sequence[str]) -> list[float]:
        """Return the factor by which to multiply the probability of each of `genres`.

        Products are to be normalised. By Bayes' rule the factor is the ratio of the shares; raised
        to the power of `temper` (0-1) it is less extreme.

        Args:
            calibrated: The prior for which the probabilities are calibrated.
            temper: Exponent of the ratio.
            genres: Order of the result.
        """
        return [
            float((self.shares[genre] / calibrated.shares[genre]) ** temper) for genre in genres
        ]


def find(priors: Mapping[str, Mapping[str, float]], name: str) -> Prior:
    """Return a prior of a bundle's metadata; raise UnknownPrior."""
    _check_name(name, priors)
    return Prior(name, priors[name])


def select(priors: Mapping[str, Mapping[str, float]], name: str) -> Prior | None:
    """Return a prior of a bundle's metadata, None if the bundle has no priors.

    Raises UnknownPrior, also for a bundle without priors if `name` is not in `KNOWN`.
    """
    if priors:
        return find(priors, name)
    _check_name(name, KNOWN)
    return None


def _check_name(name: str, names: Collection[str]) -> None:
    if name not in names:
        raise UnknownPrior(f"there is no prior {name!r}; there are: {', '.join(names)}")


def check(priors: Mapping[str, Mapping[str, float]], temper: float, genres: Sequence[str]) -> None:
    """Raise ValueError if the priors in a bundle's metadata cannot be used; there may be none."""
    if not 0 <= temper <= 1:
        raise ValueError("prior_temper must be in 0-1")
    if priors and not {DEFAULT_PRIOR, CALIBRATED_PRIOR} <= set(priors):
        raise ValueError(f"priors must include {DEFAULT_PRIOR} and {CALIBRATED_PRIOR}")
    for name, shares in priors.items():
        if set(shares) != set(genres):
            raise ValueError(f"the prior {name} must have a share for each genre")
        if min(shares.values()) < 0 or (name == CALIBRATED_PRIOR and not all(shares.values())):
            raise ValueError(f"a share of the prior {name} is too small")
        if not math.isclose(sum(shares.values()), 1, abs_tol=TOLERANCE):
            raise ValueError(f"the shares of the prior {name} must sum to 1")
