import pandas as pd

from training.study.labels import MIN_RECORDINGS, MIN_SONGS, agreements, meanings


def table(name: str, genres: list[str]) -> pd.DataFrame:
    count = len(genres)
    return pd.DataFrame(
        {
            "table": name,
            "artist": [f"Artist {number}" for number in range(count)],
            "title": [f"Song {number}" for number in range(count)],
            "annotator": name,
            "label": [f"{name}: {genre.capitalize()}" for genre in genres],
            "genre": genres,
            "artist_genre": ["rock"] * (count // 4) + ["pop"] * (count - count // 4),
        }
    )


def test_agreement_counts_recordings_by_artist_and_title() -> None:
    one = table("fma", ["rock"] * 40)
    other = table("billboard", ["rock"] * 30 + ["pop"] * 10).assign(
        artist=lambda rows: "The " + rows["artist"].str.upper()
    )
    few = table("playlists", ["rock"] * (MIN_RECORDINGS - 1))
    (found,) = agreements(pd.concat([one, other, few], ignore_index=True))
    assert {found.first, found.second} == {"fma", "billboard"}
    assert (found.recordings, found.share) == (40, 0.75)


def test_label_means_what_sources_say_of_its_artists() -> None:
    merged = table("fma", ["rock"] * MIN_SONGS).assign(label="fma: other rock")
    rows = pd.concat(
        [
            table("classic_hits", ["pop"] * MIN_SONGS),
            table("fma", ["rock"] * (MIN_SONGS - 1)),
            merged,
        ],
        ignore_index=True,
    )
    (found,) = meanings(rows)
    assert (found.table, found.label, found.genre) == ("classic_hits", "Pop", "pop")
    assert found.songs == MIN_SONGS
    assert found.shares == {"pop": 0.75, "rock": 0.25}


def test_labels_that_are_read_as_one_genre_stay_apart() -> None:
    rows = table("curated", ["pop"] * 2 * MIN_SONGS)
    rows["label"] = ["curated: Synth-pop", "curated: K-pop"] * MIN_SONGS
    assert [(one.label, one.genre) for one in meanings(rows)] == [
        ("Synth-pop", "pop"),
        ("K-pop", "pop"),
    ]
