import pandas as pd
import pytest

from training.parts import APART, NAMED, UNNAMED, leader, parts

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
    found = {name: flags.tolist() for name, flags in parts(tested, ROWS).items()}
    assert found == {
        NAMED: [True, True, True, False],
        UNNAMED: [False, False, False, True],
        APART: [False, False, True, False],
    }


def test_parts_that_say_nothing_are_left_out() -> None:
    assert list(parts(pd.DataFrame({"artist": ["Elsewhere"]}), ROWS)) == [NAMED]
    assert list(parts(pd.DataFrame({"artist": [""]}), ROWS)) == [UNNAMED]
