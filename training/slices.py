"""Slices of the test split that are measured separately.

The split is by artist where a row names one. Rows without an artist, most of them of one table, are
split by upload or recording, so their artists may also be in training. The artist of a row is its
whole credit ("Lil Baby & Drake"), so the first-named artist of a joint credit may also be in
training. Splitting by single artists would change the frozen test split; the effect is measured
with a slice instead.
"""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.metrics import Slice
from training.identity import artist_key, keyed
from training.split import Side

SLICE_NAMES: Final[Mapping[Slice, str]] = {
    Slice.ALL: "all",
    Slice.ARTIST_NAMED: "artist named",
    Slice.NO_ARTIST_NAMED: "no artist named",
    Slice.NO_SHARED_CREDIT: "artist named, no shared credit",
    Slice.TWO_TABLES_AGREE: "two tables agree",
}
"""Names of the slices in reports."""

JOINT: Final = re.compile(r"\s*[&,/].*")
"""The part of a credit after the first-named artist; it also matches in "Earth, Wind & Fire"."""

Flags = npt.NDArray[np.bool_]


def leader(artist: str) -> str:
    """Return the key of the artist that a credit names first."""
    return artist_key(JOINT.sub("", artist) or artist)


def slice_flags(tested: pd.DataFrame, rows: pd.DataFrame) -> dict[Slice, Flags]:
    """Return the slices of the test rows that depend on the artist, as one flag for each row.

    Empty slices are left out, and so is `NO_SHARED_CREDIT` if it equals `ARTIST_NAMED`.

    Args:
        tested: Rows of the test split.
        rows: The dataset that the models are fitted on.
    """
    named = (tested["artist"] != "").to_numpy()
    trained = rows.loc[rows["side"] == Side.TRAIN, "artist"]
    trained = trained[trained != ""]
    known = set(keyed(trained, artist_key)) | set(keyed(trained, leader))
    unknown = named & ~keyed(tested["artist"], leader).isin(known).to_numpy()
    flags = {Slice.ARTIST_NAMED: named, Slice.NO_ARTIST_NAMED: ~named}
    if unknown.sum() < named.sum():
        flags[Slice.NO_SHARED_CREDIT] = unknown
    return {name: own for name, own in flags.items() if own.any()}
