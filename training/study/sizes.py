"""Sizes of a run, read from `sizes.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

SIZES: Final = Path(__file__).parent / "sizes.toml"


@dataclass(frozen=True, slots=True)
class Size:
    """Limits of a run.

    With `full_grid` all values of each hyperparameter are searched, else the first and last.
    `artist_share` is the share of the training artists whose rows are used; settings are searched
    on about `search_rows` labelled rows. Maxima: `svc_rows` and `tree_rows` of training rows,
    `networks` of our model and `epochs` of each; `check_epochs` of the experiments' models, which
    have one network. `learning_shares` are the shares of artists on the learning curve.
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
