from collections.abc import Callable
from pathlib import Path

import pytest

from model.genres import WIDE
from training.dataset import load_dataset
from training.errors import UnknownLabel
from training.labels import ByName, ByShare, load_taxonomy
from training.tables import NAMES


def test_the_taxonomy_reads_every_table_as_known_genres() -> None:
    taxonomy = load_taxonomy()
    assert set(taxonomy) == set(NAMES)
    for reader in taxonomy.values():
        match reader:
            case ByName(genres=genres):
                assert set(genres.values()) <= set(WIDE)
            case ByShare(patterns=patterns):
                assert {genre for genre, _ in patterns} <= set(WIDE)


@pytest.mark.parametrize(
    ("filed", "genre"),
    [
        pytest.param((), None, id="empty list"),
        pytest.param(("detroit hip hop", "rap", "pop"), "hip-hop", id="two of three"),
        pytest.param(("rap", "pop"), None, id="half is too little"),
        pytest.param(("rap", "soul", "rap", "soul", "rap"), "hip-hop", id="three of five will do"),
        pytest.param(("rap metal",), "metal", id="the first pattern wins"),
        pytest.param(("country rock",), "country", id="country before rock"),
        pytest.param(("trap soul",), "hip-hop", id="trap before soul"),
        pytest.param(("therapy",), None, id="rap must be a word"),
        pytest.param(("electropop",), "electronic", id="electro need not be a word"),
        pytest.param(("dance pop", "pop"), None, id="nothing matches"),
    ],
)
def test_billboards_list_counts_each_entry_once_and_needs_three_fifths(
    filed: tuple[str, ...], genre: str | None
) -> None:
    assert load_taxonomy()["billboard"].read(filed) == genre


def test_a_label_left_out_and_no_label_give_no_genre() -> None:
    reader = load_taxonomy()["classic_hits"]
    assert reader.read(("World",)) is None
    assert reader.read(()) is None
    assert reader.read(("Rap",)) == "hip-hop"


def test_a_label_that_nobody_knows_is_named_with_its_place(
    data: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    rewrite("fma_metadata/tracks.csv", "5,,Rock", "5,,Rokc")
    with pytest.raises(UnknownLabel, match=r"tracks\.csv, line 6, column .*knows no label 'Rokc'"):
        load_dataset(data)
