"""The parts of the test split that its figures must be told apart by.

"By artist" holds where a row names one. The rows without, most of them of one table, are divided by
upload or recording: their artists may have been learnt from. And an artist's key is the whole
credit ("Lil Baby & Drake"), so that somebody who leads a collaboration may stand on both sides;
cutting the credit would move the frozen split, so it is measured instead.
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.identity import artist_key, keyed
from training.split import Side

ARTIST_NAMED: Final = "artist named"
NO_ARTIST_NAMED: Final = "no artist named"
NO_SHARED_CREDIT: Final = "artist named, leads nothing learnt"
JOINT: Final = re.compile(r"\s*[&,/].*")
"""What follows the one who leads a collaboration; of "Earth, Wind & Fire" it cuts too much."""

Flags = npt.NDArray[np.bool_]


def leader(artist: str) -> str:
    """Return the key of the artist that a credit names first."""
    return artist_key(JOINT.sub("", artist) or artist)


def slice_flags(tested: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Flags]:
    """Tell which of the `tested` rows are in each part; `rows` hold those of the training side.

    A part is left out where it is empty, and `NO_SHARED_CREDIT` where it is all of `ARTIST_NAMED`.
    """
    named = (tested["artist"] != "").to_numpy()
    learnt = rows.loc[rows["side"] == Side.TRAIN, "artist"]
    learnt = learnt[learnt != ""]
    known = set(keyed(learnt, artist_key)) | set(keyed(learnt, leader))
    apart = named & ~keyed(tested["artist"], leader).isin(known).to_numpy()
    found = {ARTIST_NAMED: named, NO_ARTIST_NAMED: ~named}
    if apart.sum() < named.sum():
        found[NO_SHARED_CREDIT] = apart
    return {name: flags for name, flags in found.items() if flags.any()}
