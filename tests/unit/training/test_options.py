"""Options that several commands have."""

import pytest
import typer

from training.commands import options
from training.tables import ARTIST_GENRES, CHOICES, NAMES


def test_all_tables_and_the_genres_of_artists_are_read_by_default() -> None:
    assert options.tables(None) == CHOICES == (*NAMES, ARTIST_GENRES)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("fma", ("fma",)),
        ("fma, artist_genres", ("fma", ARTIST_GENRES)),
        (",".join(NAMES), NAMES),
    ],
)
def test_tables_are_chosen_with_and_without_artists(given: str, names: tuple[str, ...]) -> None:
    assert options.tables(given) == names


def test_artists_alone_are_no_songs() -> None:
    with pytest.raises(typer.BadParameter, match="has no songs"):
        options.tables(ARTIST_GENRES)


@pytest.mark.parametrize("given", ["", "fma,", "fma,nonsense"])
def test_unknown_table_is_named_with_the_known_ones(given: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"no table .*; there are fma, .*artist_genres"):
        options.tables(given)
