"""The frozen test split: by artist, so that no artist is learnt from and tested on.

A row's side follows from its artist's name alone, whichever tables are loaded. Rows without an
artist follow the artist of a copy of the same recording, else their upload (FMA), else the
recording's own fingerprint. A recording that ends on both sides, under two artists' names, is left
out of training.
"""

import hashlib
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from training.identity import artist_key, fingerprints, keyed

TEST_SHARE: Final = 0.18
SALT: Final = "soundslike"


class Side(StrEnum):
    """What a row is for."""

    TRAIN = "train"
    TEST = "test"
    LEFT_OUT = "left out"


def share_of(key: str, salt: str = SALT) -> float:
    """Map a key to a number in [0, 1), evenly and for good."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{key}".encode()).digest()[:8]) / 2**64


def groups(rows: pd.DataFrame) -> "pd.Series[str]":
    """Name the group of each row: its artist, upload or recording; a group is never divided."""
    recording = fingerprints(rows)
    artist = keyed(rows["artist"], artist_key)
    named = artist != ""
    by_recording = dict(zip(recording[named][::-1], artist[named][::-1], strict=True))
    copied = [by_recording.get(key, "") for key in recording]
    group = artist.where(named, pd.Series(copied, rows.index, dtype="str"))
    group = group.where(group != "", rows["upload"])
    return group.where(group != "", recording)


def split(rows: pd.DataFrame, test_share: float = TEST_SHARE) -> "pd.Series[Any]":
    """Return the `Side` of each row."""
    testing = groups(rows).map(share_of) < test_share
    recording = fingerprints(rows)
    copy_is_tested = recording.isin(set(recording[testing]))
    side = testing.map({True: Side.TEST, False: Side.TRAIN})
    return side.where(testing | ~copy_is_tested, Side.LEFT_OUT)
