import pandas as pd
import pytest

from model.metrics import Slice
from training.slices import leader, slice_flags

ROWS = pd.DataFrame(
    [("Lil Baby", "train"), ("Gunna & Future", "train"), ("", "train"), ("Nobody", "test")],
    columns=["artist", "side"],
)


@pytest.mark.parametrize(
    ("artist", "key"),
    [
        ("Lil Baby & Drake", "lil baby"),
        ("Gunna, Future", "gunna"),
        ("Macklemore/Ryan Lewis", "macklemore"),
        ("The Beatles", "beatles"),
        ("& More", "and more"),
        ("", ""),
    ],
)
def test_leader_is_the_first_named_artist(artist: str, key: str) -> None:
    assert leader(artist) == key


def test_no_shared_credit_excludes_leaders_with_another_credit_in_training() -> None:
    tested = pd.DataFrame({"artist": ["Lil Baby & Drake", "Gunna", "Elsewhere & Lil Baby", ""]})
    found = {name: flags.tolist() for name, flags in slice_flags(tested, ROWS).items()}
    assert found == {
        Slice.ARTIST_NAMED: [True, True, True, False],
        Slice.NO_ARTIST_NAMED: [False, False, False, True],
        Slice.NO_SHARED_CREDIT: [False, False, True, False],
    }


def test_empty_and_redundant_slices_are_left_out() -> None:
    assert list(slice_flags(pd.DataFrame({"artist": ["Elsewhere"]}), ROWS)) == [Slice.ARTIST_NAMED]
    assert list(slice_flags(pd.DataFrame({"artist": [""]}), ROWS)) == [Slice.NO_ARTIST_NAMED]
