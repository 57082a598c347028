import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.identity import lead_artist_key
from training.split import TEST_SHARE, Side, groups, share_of, split

ARTISTS = st.sampled_from(
    ["", "Abba", "ABBA", "The Abba", "Queen feat. Bowie", "Queen", "Queen & X", "Ñu", "X"]
)
ROWS = st.lists(
    st.tuples(ARTISTS, st.integers(0, 8), st.sampled_from(["", "upload 1", "upload 2"])),
    min_size=1,
    max_size=40,
)


def table(rows: list[tuple[str, int, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["artist", "recording", "upload"])
    return frame.astype({"recording": str})


@settings(deadline=None)
@given(ROWS)
def test_no_artist_upload_or_recording_is_on_both_sides(
    drawn: list[tuple[str, int, str]],
) -> None:
    rows = table(drawn)
    side = split(rows, test_share=0.5)
    used = rows[side != Side.LEFT_OUT]
    keys = [used["artist"].map(lead_artist_key), groups(rows)[used.index], used["recording"]]
    for key in keys:
        sides = side[used.index].groupby(key.where(key != "", used.index.astype(str))).nunique()
        assert (sides == 1).all()


def test_side_of_an_artist_does_not_depend_on_other_rows() -> None:
    rows = table([("Abba", 1, ""), ("Queen", 2, ""), ("Ñu", 3, ""), ("X", 4, "")])
    whole = split(rows, 0.5)
    assert set(whole) == {"train", "test"}
    for index in rows.index:
        assert split(rows.loc[[index]], 0.5)[index] == whole[index]


def test_copy_without_artist_is_grouped_with_its_artist() -> None:
    rows = table([("", 1, ""), ("Abba", 1, ""), ("", 2, "")])
    assert groups(rows).tolist()[:2] == ["abba", "abba"]
    assert groups(rows)[2] not in ("", "abba")


def test_credits_are_grouped_by_the_first_named_artist() -> None:
    rows = table([("Queen & Bowie", 1, ""), ("Queen", 2, ""), ("Bowie, Queen", 3, "")])
    assert groups(rows).tolist() == ["queen", "queen", "bowie"]


def test_test_share_is_fifteen_percent_of_the_artists() -> None:
    rows = table([(f"artist {number}", number, "") for number in range(2000)])
    assert (split(rows) == Side.TEST).mean() == pytest.approx(TEST_SHARE, abs=0.02)
    assert TEST_SHARE == 0.15


def test_recording_on_both_sides_is_left_out_of_training() -> None:
    tested = next(f"a{n}" for n in range(99) if share_of(f"a{n}") < 0.15)
    trained = next(f"a{n}" for n in range(99) if share_of(f"a{n}") >= 0.15)
    rows = table([(tested, 1, ""), (trained, 1, ""), (trained, 2, "")])
    assert split(rows).tolist() == [Side.TEST, Side.LEFT_OUT, Side.TRAIN]


def test_share_of_is_uniform_and_frozen() -> None:
    drawn = [share_of(f"artist {number}") for number in range(2000)]
    assert 0.16 < sum(share < 0.18 for share in drawn) / 2000 < 0.20
    assert share_of("abba") == share_of("abba") != share_of("abba", "validation")
    assert round(share_of("abba"), 6) == FROZEN_ABBA


FROZEN_ABBA = 0.682119
