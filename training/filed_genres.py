"""Genres under which the tables file a song.

Each of the following says something about a song, and all of them count alike:

- the genres of its artist, as independent sources give them (`training.artist_genres`),
- its labels in the tables `TABLES`, each table's together, read by `model.tag_taxonomy`.

Not read are, by the share of their songs whose artist is of that genre: the playlists ("pop" 39 %,
"r&b" 48 %), the table `music_genre` ("Blues" 24 %), and "Pop" in `classic_hits` (24 %; 38 % are
rock).
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from model.tag_taxonomy import Taxonomy
from training.artist_genres import ArtistGenre
from training.held_out_songs import HeldOutSong
from training.identity import artist_key, title_key

TABLES: Final = ("billboard", "classic_hits", "curated")
CATCH_ALL: Final = ("classic_hits", "Pop")
"""Table and label that say nothing."""

SOURCE: Final = "tables"


def filed_under(
    rows: pd.DataFrame, song: HeldOutSong, artists: Mapping[str, ArtistGenre], taxonomy: Taxonomy
) -> dict[str, Any] | None:
    """Return the genres of a song, strongest first, and their source; None if no table names one.

    Args:
        rows: Rows of the tables, with `artist_key` and `title_key`.
        song: The song; all its versions count.
        artists: The genres of artists, by `artist_key`.
        taxonomy: Reads the labels.
    """
    artist, title = artist_key(song.artist), title_key(song.title)
    tags = list(artists[artist].shares.items()) if artist in artists else []
    same = rows[(rows["artist_key"] == artist) & (rows["title_key"] == title)]
    for table in TABLES:
        labels = same.loc[same["table"] == table, "raw_labels"].explode()
        named = [
            label
            for label in labels.dropna()
            if (table, label) != CATCH_ALL and taxonomy.genres_of(label)
        ]
        # A label of two genres is divided, so that each table has the weight 1.
        count = sum(len(taxonomy.genres_of(label)) for label in named)
        tags += [(label, 1 / count) for label in named]
    genres = taxonomy.strongest(tags)
    return {"genres": list(genres), "source": SOURCE} if genres else None
