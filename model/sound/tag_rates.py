"""How common the tags of the two networks are."""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

RATES: Final = Path(__file__).with_name("tag_rates.toml")

TagProbabilities = Mapping[str, Mapping[str, float]]
"""Network ("msd" or "mtt") to its tags with their probabilities, each 0-1 by itself."""


@cache
def tag_rates() -> TagProbabilities:
    """Return the share of the tracks that have each tag, by network; all are above 0."""
    rates: dict[str, dict[str, float]] = tomllib.loads(RATES.read_text(encoding="utf-8"))
    return rates


def probability(tags: TagProbabilities, network: str, tag: str) -> float:
    """Return the probability of a network's tag in 0-1.

    A tag that is missing or not finite has its rate: it says nothing.
    """
    value = tags.get(network, {}).get(tag, math.nan)
    if not math.isfinite(value):
        return tag_rates()[network][tag]
    return min(max(value, 0.0), 1.0)
