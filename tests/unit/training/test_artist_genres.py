"""The independent sources' opinions of artists."""

from pathlib import Path

import pytest

from training.artist_genres import FILE, ArtistGenre, read_artist_genres
from training.errors import TableError
from training.identity import artist_key

HEADER = "artist,genre,share,dist"
GOOD = "ricewine,rock,0.667,rock:0.667|pop:0.333"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def test_opinions_are_read_by_artist(tmp_path: Path) -> None:
    undecided = "2 in a room,,0.5,electronic:0.5|latin:0.5"
    assert read_artist_genres(write(tmp_path, GOOD, undecided)) == {
        "ricewine": ArtistGenre("rock", 0.667, {"rock": 0.667, "pop": 0.333}),
        "2 in a room": ArtistGenre(None, 0.5, {"electronic": 0.5, "latin": 0.5}),
    }


def test_names_that_are_normalised_to_nothing_are_skipped(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD, ",rock,1.0,rock:1.0", ",pop,1.0,pop:1.0")
    assert list(read_artist_genres(folder)) == ["ricewine"]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (GOOD, "artist", "duplicate artist 'ricewine', first on line 2"),
        ("x,polka,1.0,rock:1.0", "genre", "'polka' is not a genre"),
        ("x,pop,0.667,rock:0.667|pop:0.333", "genre", "contradicts"),
        ("x,,0.333,rock:0.667|pop:0.333", "share", "contradicts"),
        ("x,,1.0,rock:1.0", "genre", "it is empty, which contradicts"),
        ("Ricewine,rock,1.0,rock:1.0", "artist", "'Ricewine' is not normalised"),
        ("x,rock,often,rock:1.0", "share", "'often' is not a share"),
        ("x,rock,0,rock:1.0", "share", "not a share"),
        ("x,rock,nan,rock:1.0", "share", "not a share"),
        ("x,rock,0.5,rock:0.5", "dist", "add up to 1"),
        ("x,rock,1.0,polka:1.0", "dist", "not a list of genres"),
        ("x,rock,1.0,rock:0.5|rock:0.5", "dist", "not a list of genres"),
        ("x,rock,1.0,", "dist", "not a list of genres"),
    ],
)
def test_invalid_row_is_named(tmp_path: Path, row: str, column: str, problem: str) -> None:
    with pytest.raises(TableError, match=f"line 3, column {column}: .*{problem}"):
        read_artist_genres(write(tmp_path, GOOD, row))


def test_trademark_sign_is_normalised_to_capital_letters(tmp_path: Path) -> None:
    name = artist_key("varg\N{TRADE MARK SIGN}")
    assert list(read_artist_genres(write(tmp_path, f"{name},rock,1.0,rock:1.0"))) == [name]


@pytest.mark.parametrize("missing", ["artist", "genre", "share", "dist"])
def test_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    header = HEADER.replace(missing, "other")
    with pytest.raises(TableError, match=f"column {missing}"):
        read_artist_genres(write(tmp_path, GOOD, header=header))


def test_real_names_are_normalised_as_ours(tables: Path) -> None:
    if not (tables / FILE).exists():
        pytest.skip(f"{FILE} is not here")
    names = read_artist_genres(tables)
    differing = [name for name in names if artist_key(name) != name]
    assert len(names) > 20_000
    assert len(differing) < len(names) / 1000
