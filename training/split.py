"""The frozen split into training and test rows, grouped by artist.

The side of a row depends only on a hash of its first-named artist, whichever tables are loaded.
Rows without an artist are grouped with the artist of a copy of the same recording, otherwise by
upload (FMA), otherwise by recording. A recording with rows on both sides, under two artists' names,
is left out of training.
"""

import hashlib
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from training.identity import keyed, lead_artist_key

TEST_SHARE: Final = 0.15
SALT: Final = "soundslike"


class Side(StrEnum):
    """Use of a row."""

    TRAIN = "train"
    TEST = "test"
    LEFT_OUT = "left out"


def share_of(key: str, salt: str = SALT) -> float:
    """Return a number in [0, 1) that depends only on `key` and `salt`, uniformly distributed."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{key}".encode()).digest()[:8]) / 2**64


def groups(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return the group of each row: its artist, upload or recording; groups are not divided."""
    recording = rows["recording"]
    artist = keyed(rows["artist"], lead_artist_key)
    named = artist != ""
    by_recording = dict(zip(recording[named][::-1], artist[named][::-1], strict=True))
    copied = [by_recording.get(key, "") for key in recording]
    group = artist.where(named, pd.Series(copied, rows.index, dtype="str"))
    group = group.where(group != "", rows["upload"])
    return group.where(group != "", recording)


def split(rows: pd.DataFrame, test_share: float = TEST_SHARE) -> "pd.Series[Any]":
    """Return the `Side` of each row; `test_share` of the groups are for testing."""
    testing = groups(rows).map(share_of) < test_share
    recording = rows["recording"]
    copy_is_tested = recording.isin(set(recording[testing]))
    side = testing.map({True: Side.TEST, False: Side.TRAIN})
    return side.where(testing | ~copy_is_tested, Side.LEFT_OUT)
