"""Hypothesis strategies for what the networks may say: any tags with any numbers."""

import math
from collections.abc import Mapping

from hypothesis import strategies as st

from model.sound.tag_rates import tag_rates

TAGS = [(network, tag) for network, rates in tag_rates().items() for tag in rates]
"""Each tag with its network."""

values = st.floats(0, 1) | st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf, -1.0, 2.0])

vectors = st.dictionaries(st.sampled_from(TAGS), values)


def by_network(vector: Mapping[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """Return the values of `vectors` as the networks give them."""
    found: dict[str, dict[str, float]] = {}
    for (network, tag), value in vector.items():
        found.setdefault(network, {})[tag] = value
    return found
