"""Which changes of the last training are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statistics import MAX_CHANGES, MIN_SONGS, biggest_changes
from model.gate_report import GateReport, GenreChange
from model.genres import WIDE


def change(
    genre: str, before: float, after: float, songs: int = MIN_SONGS, data: str = "corrections"
) -> GenreChange:
    return GenreChange(data, genre, songs, before, after, before, after)


def report(*changes: GenreChange) -> GateReport:
    return GateReport("1", 10, 5, {}, (), changes)


def genres(*changes: GenreChange) -> list[str]:
    return [one.genre for one in biggest_changes(report(*changes))]


def test_biggest_changes_come_first() -> None:
    assert genres(
        change("rock", 0.5, 0.6),
        change("country", 0.41, 0.55),
        change("jazz", 0.5, 0.2),
        change("pop", 0.5, 0.52),
    ) == ["jazz", "country", "rock"]


def test_what_got_worse_is_among_them() -> None:
    assert genres(
        change("rock", 0.5, 0.9),
        change("country", 0.5, 0.8),
        change("jazz", 0.5, 0.7),
        change("pop", 0.5, 0.45),
        change("folk", 0.5, 0.44),
    ) == ["rock", "country", "folk"]


def test_corrections_count_rather_than_tables() -> None:
    tables = change("rock", 0.1, 0.9, data="tables")
    assert genres(tables, change("jazz", 0.5, 0.6)) == ["jazz"]
    assert genres(tables, change("jazz", 0.5, 0.6, data="songs")) == ["rock"]


def test_genres_with_few_songs_or_without_a_change_are_left_out() -> None:
    assert genres(change("rock", 0.1, 0.9, MIN_SONGS - 1), change("jazz", 0.5, 0.501)) == []


SHARES = st.floats(0, 1)


@given(
    st.lists(
        st.builds(change, st.sampled_from(WIDE), SHARES, SHARES, st.integers(0, 40)), max_size=13
    )
)
def test_any_report_gives_few_clear_changes_and_hides_no_loss(changes: list[GenreChange]) -> None:
    chosen = biggest_changes(report(*changes))
    assert len(chosen) <= MAX_CHANGES
    clear = [
        one
        for one in changes
        if one.songs >= MIN_SONGS and abs(one.right_after - one.right_before) >= 0.005
    ]
    assert all(one in clear for one in chosen)
    assert bool(chosen) == bool(clear)
    if any(one.right_after < one.right_before for one in clear):
        assert any(one.right_after < one.right_before for one in chosen)


@pytest.mark.parametrize("kind", ["songs", "fma"])
def test_other_data_is_not_said(kind: str) -> None:
    assert genres(change("rock", 0.1, 0.9, data=kind)) == []
