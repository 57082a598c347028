import pandas as pd
import pytest

from training.slices import (
    ARTIST_NAMED,
    NO_ARTIST_NAMED,
    NO_SHARED_CREDIT,
    leader,
    slice_flags,
)

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
def test_a_credit_is_led_by_whom_it_names_first(artist: str, key: str) -> None:
    assert leader(artist) == key


def test_a_song_whose_leader_was_learnt_from_in_another_credit_is_told_apart() -> None:
    tested = pd.DataFrame({"artist": ["Lil Baby & Drake", "Gunna", "Elsewhere & Lil Baby", ""]})
    found = {name: flags.tolist() for name, flags in slice_flags(tested, ROWS).items()}
    assert found == {
        ARTIST_NAMED: [True, True, True, False],
        NO_ARTIST_NAMED: [False, False, False, True],
        NO_SHARED_CREDIT: [False, False, True, False],
    }


def test_parts_that_say_nothing_are_left_out() -> None:
    assert list(slice_flags(pd.DataFrame({"artist": ["Elsewhere"]}), ROWS)) == [ARTIST_NAMED]
    assert list(slice_flags(pd.DataFrame({"artist": [""]}), ROWS)) == [NO_ARTIST_NAMED]
