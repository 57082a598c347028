"""Sizes of a run, read from `sizes.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

SIZES: Final = Path(__file__).parent / "sizes.toml"


@dataclass(frozen=True, slots=True)
class Size:
    """Limits of a run.

    Attributes:
        full_grid: Whether all values of each hyperparameter are searched, not the first and last.
        artist_share: Share of the training artists whose rows are used.
        search_rows: Approximate number of labelled rows that settings are searched on.
        svc_rows: Maximum number of training rows of an SVC; `tree_rows` of trees.
        networks: Maximum number of networks of our model; `epochs` of their epochs.
        check_epochs: Maximum number of epochs in the experiments, whose models have one network.
        learning_shares: Shares of the training artists on the learning curve.
    """

    full_grid: bool
    artist_share: float
    folds: int
    search_rows: int
    svc_rows: int
    tree_rows: int
    trees: int
    rounds: int
    networks: int
    epochs: int
    check_epochs: int
    learning_shares: tuple[float, ...]


def load_size(name: Literal["full", "quick"]) -> Size:
    """Return a size from the data file."""
    content = tomllib.loads(SIZES.read_text(encoding="utf-8"))[name]
    return Size(**content | {"learning_shares": tuple(content["learning_shares"])})
