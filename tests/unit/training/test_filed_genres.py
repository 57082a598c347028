"""What the tables say of where a song is filed, and the two taxonomies."""

from pathlib import Path

import pandas as pd
import pytest

from model.tag_taxonomy import Taxonomy, load_taxonomy
from training.artist_genres import ArtistGenre
from training.embedded_songs import keyed_rows
from training.filed_genres import filed_under
from training.held_out_songs import HeldOutSong
from training.labels import ByName, ByShare
from training.labels import load_taxonomy as load_labels
from training.tables import load_tables

SONG = HeldOutSong("rock", "playlists", "Anna", "One - Remix")

NO_READING = {
    "brazilian": "a nationality",
    "korean": "a nationality",
    "acoustic": "a manner of playing",
    "garage": "garage rock, or UK garage",
    "rb": "one collection's spelling of r&b",
    "hardcore": "hardcore punk, or hardcore techno",
}
"""Labels that mean a genre in the table that has them, but not as a tag of anybody."""


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


def rows(*entries: tuple[str, str, str, tuple[str, ...]]) -> pd.DataFrame:
    columns = ["table", "artist", "title", "raw_labels"]
    return keyed_rows(pd.DataFrame(entries, columns=columns))


def test_every_table_and_the_artist_count_alike(taxonomy: Taxonomy) -> None:
    given = rows(
        ("billboard", "Anna feat. Ben", "One", ("rap", "pop rap", "country rap")),
        ("curated", "Anna", "One - Remix", ("country",)),
        ("curated", "Anna", "One", ("hip_hop",)),
    )
    assert filed_under(given, SONG, {}, taxonomy) == {
        "genres": ["hip-hop", "country"],
        "source": "tables",
    }
    artists = {"anna": ArtistGenre("folk", 1.0, {"folk": 1.0})}
    found = filed_under(given, SONG, artists, taxonomy)
    assert found
    assert set(found["genres"]) == {"hip-hop", "country", "folk"}


def test_playlists_the_catch_all_and_other_songs_say_nothing(taxonomy: Taxonomy) -> None:
    given = rows(
        ("playlists", "Anna", "One", ("latin", "latin pop")),
        ("music_genre", "Anna", "One", ("Blues",)),
        ("classic_hits", "Anna", "One", ("Pop",)),
        ("curated", "Anna", "Two", ("jazz",)),
        ("curated", "Ben", "One", ("jazz",)),
        ("curated", "Anna", "One", ("lofi",)),
    )
    assert filed_under(given, SONG, {}, taxonomy) is None


def test_labels_of_training_are_read_alike_as_tags(taxonomy: Taxonomy) -> None:
    every: set[str] = set()
    for table, reader in load_labels().items():
        if not isinstance(reader, ByName):
            continue
        for label, genre in reader.genres.items():
            every.add(label)
            found = taxonomy.genres_of(label)
            if label in NO_READING:
                assert found == (), label
            else:
                assert genre in found, (table, label, found)
        for label in reader.left_out:
            assert taxonomy.genres_of(label) == (), (table, label)
    assert set(NO_READING) <= every


@pytest.mark.training
def test_most_lists_of_billboard_name_the_same_genre_first(
    tables: Path, taxonomy: Taxonomy
) -> None:
    lists = set(load_tables(tables, ["billboard"])["raw_labels"])
    reader = load_labels()["billboard"]
    assert isinstance(reader, ByShare)
    read = {labels: genre for labels in lists if (genre := reader.read(labels))}
    assert len(read) > 1000
    first = {labels: taxonomy.strongest((label, 1) for label in labels)[:1] for labels in read}
    same = sum(first[labels] == (genre,) for labels, genre in read.items())
    assert same / len(read) > 0.9
