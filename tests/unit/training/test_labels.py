from collections.abc import Callable
from pathlib import Path

import pytest

from model.genres import WIDE
from training.dataset import load_dataset
from training.errors import UnknownLabel
from training.labels import ByName, ByShare, load_taxonomy
from training.tables import NAMES


def test_taxonomy_maps_every_table_to_known_genres() -> None:
    taxonomy = load_taxonomy()
    assert set(taxonomy) == set(NAMES)
    for reader in taxonomy.values():
        match reader:
            case ByName(genres=genres):
                assert set(genres.values()) <= set(WIDE)
            case ByShare(patterns=patterns):
                assert {genre for genre, _ in patterns} <= set(WIDE)


@pytest.mark.parametrize(
    ("raw_labels", "genre"),
    [
        pytest.param((), None, id="empty list"),
        pytest.param(("detroit hip hop", "rap", "pop"), "hip-hop", id="two of three"),
        pytest.param(("rap", "pop"), None, id="half is not enough"),
        pytest.param(
            ("rap", "soul", "rap", "soul", "rap"), "hip-hop", id="three of five are enough"
        ),
        pytest.param(("rap metal",), "metal", id="the first pattern wins"),
        pytest.param(("country rock",), "country", id="country before rock"),
        pytest.param(("trap soul",), "hip-hop", id="trap before soul"),
        pytest.param(("therapy",), None, id="rap must be a word"),
        pytest.param(("electropop",), "electronic", id="electro need not be a word"),
        pytest.param(("pop rock",), "rock", id="rock before pop"),
        pytest.param(("worship",), None, id="nothing matches"),
    ],
)
def test_billboard_genre_needs_three_fifths_of_the_list(
    raw_labels: tuple[str, ...], genre: str | None
) -> None:
    assert load_taxonomy()["billboard"].read(raw_labels) == genre


@pytest.mark.parametrize(
    ("table", "raw_labels", "label"),
    [
        ("billboard", ("rap", "hip hop"), "hip-hop"),
        ("billboard", ("rap", "pop", "soul"), "hip-hop and others"),
        ("billboard", ("worship",), ""),
        ("billboard", (), ""),
        ("playlists", ("rap", "gangster rap"), "rap/gangster rap"),
        ("curated", ("dub",), "dub"),
        ("classic_hits", ("World",), "World"),
        ("fma", (), ""),
    ],
)
def test_label_is_the_finest_that_the_raw_labels_make(
    table: str, raw_labels: tuple[str, ...], label: str
) -> None:
    assert load_taxonomy()[table].label(raw_labels) == label


def test_left_out_and_missing_labels_have_no_genre() -> None:
    reader = load_taxonomy()["classic_hits"]
    assert reader.read(("World",)) is None
    assert reader.read(()) is None
    assert reader.read(("Rap",)) == "hip-hop"


def test_unknown_label_is_reported_with_its_place(
    data: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    rewrite("fma_metadata/tracks.csv", "5,,Rock", "5,,Rokc")
    with pytest.raises(
        UnknownLabel, match=r"tracks\.csv, line 6, column .*does not list the label 'Rokc'"
    ):
        load_dataset(data)
