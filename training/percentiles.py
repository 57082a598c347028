"""Writes the percentiles of the audio features over all songs, which `model.percentiles` reads."""

import json
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from model.percentiles import HIGHEST
from model.schema import NAMES
from training.dataset import load_dataset
from training.errors import CannotWrite

NOTE: Final = (
    "Written by `python -m training percentiles`. Quantiles from 0 to 100 % of each audio feature, "
    "in its unit, over the distinct recordings in the training tables that have it."
)
DIGITS: Final = 6
"""Significant digits of a quantile."""


def write_percentiles(data: Path, out: Path) -> int:
    """Write the percentiles over the tables in `data`, and return the number of songs.

    Raises TableError, and CannotWrite.
    """
    songs = distinct(load_dataset(data))
    features = percentiles(songs)
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(own)}" for name, own in features.items())
    head = f'{{\n "note": {json.dumps(NOTE)},\n "songs": {len(songs)},\n "features": {{\n'
    try:
        out.write_text(f"{head}{lines}\n }}\n}}\n", encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{out}: cannot be written: {error.strerror}") from None
    return len(songs)


def distinct(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of the dataset for each recording: the first with the most features."""
    known = rows[list(NAMES)].notna().sum(axis=1)
    best_first = rows.iloc[np.argsort(-known.to_numpy(), kind="stable")]
    return best_first.drop_duplicates("recording")


def percentiles(songs: pd.DataFrame) -> dict[str, list[float]]:
    """Return the quantiles of each feature from 0 to 100 %, without its missing values.

    Each is a value that a song has, as between 0 and 1 there is no mode.
    """
    steps = np.linspace(0, 1, HIGHEST + 1)
    return {
        name: [
            float(f"{value:.{DIGITS}g}")
            for value in np.quantile(songs[name].dropna(), steps, method="inverted_cdf")
        ]
        for name in NAMES
    }
