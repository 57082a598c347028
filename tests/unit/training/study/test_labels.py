import pandas as pd

from training.study.labels import MIN_RECORDINGS, MIN_SONGS, agreements, meanings


def table(name: str, genres: list[str]) -> pd.DataFrame:
    count = len(genres)
    return pd.DataFrame(
        {
            "table": name,
            "artist": [f"Artist {number}" for number in range(count)],
            "title": [f"Song {number}" for number in range(count)],
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
    rows = pd.concat(
        [table("classic_hits", ["pop"] * MIN_SONGS), table("fma", ["rock"] * (MIN_SONGS - 1))],
        ignore_index=True,
    )
    (found,) = meanings(rows)
    assert (found.table, found.label, found.songs) == ("classic_hits", "pop", MIN_SONGS)
    assert found.shares == {"pop": 0.75, "rock": 0.25}
