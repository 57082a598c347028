import os
from collections.abc import Callable, Iterator
from pathlib import Path

import jax
import numpy as np
import pandas as pd
import pytest

from tests.support.factories import VALUES
from tests.support.migrated_sqlite import migrated_sqlite
from tests.unit.training.chat_votes import label
from tests.unit.training.made_up import QUICK, STUDY, made_up_dataset
from training import dataset
from training.dataset import load_dataset
from training.feedback.training_rows import add_labels
from training.fit import Fitted, fit
from training.identity import FINGERPRINT
from training.tables import load_tables

FMA_COLUMNS = "acousticness,danceability,energy,instrumentalness,liveness,speechiness,tempo,valence"

FILES = {
    "fma_metadata/echonest.csv": (
        ",echonest,echonest,echonest,echonest,echonest,echonest,echonest,echonest,echonest\r\n"
        ",audio_features,audio_features,audio_features,audio_features,audio_features,"
        "audio_features,audio_features,audio_features,social_features\r\n"
        f",{FMA_COLUMNS},artist_hotttnesss\r\n"
        "track_id,,,,,,,,,\r\n"
        "2,0.41,0.67,0.63,0.01,0.17,0.15,165.922,0.57,0.3\r\n"
        "5,0.04,0.74,0.70,0.0001,0.37,0.12,0.0,0.61,0.3\r\n"
        "11,0.95,0.51,0.30,0.9,0.12,0.03,110.0,0.2,\r\n"
    ),
    "fma_metadata/tracks.csv": (
        ",artist,track,track\r\n"
        ",name,genre_top,title\r\n"
        "track_id,,,\r\n"
        "2,AWOL,Hip-Hop,Food\r\n"
        "3,AWOL,Hip-Hop,Electric Ave\r\n"
        "5,,Rock,\r\n"
        '11,"Blue, Band",,"Two\nlines"\r\n'
    ),
    "tidytuesday/2021-09-14/audio_features.csv": (
        "song_id,performer,song,spotify_genre,spotify_track_id,spotify_track_duration_ms,"
        "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,"
        "liveness,valence,tempo\n"
        "x,Slim,First,\"['detroit hip hop', 'rap', 'pop']\",id1,200000,"
        "0.7,0.6,1,-5.0,1,0.2,0.1,0.0,0.1,0.5,90.1\n"
        "y,Nobody,Second,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA\n"
    ),
    "tidytuesday/2020-01-21/spotify_songs.csv": (
        "track_id,track_name,track_artist,track_album_release_date,playlist_genre,"
        "playlist_subgenre,danceability,energy,key,loudness,mode,speechiness,acousticness,"
        "instrumentalness,liveness,valence,tempo,duration_ms\n"
        "id1,First,Slim,2019-06-14,rap,gangster rap,"
        "0.7,0.6,1.0,-5.0,1.0,0.2,0.1,0.0,0.1,0.5,90.1,200000.0\n"
        "id2,Third,Shine,2012,latin,tropical,"
        "0.8,0.9,11.0,-3.0,0.0,0.05,0.2,0.0,0.1,0.9,100.0,180000.0\n"
    ),
    "extra/classic_hits.csv": (
        "Track,Artist,Year,Duration,Danceability,Energy,Key,Loudness,Mode,Speechiness,"
        "Acousticness,Instrumentalness,Liveness,Valence,Tempo,Genre\n"
        "Fourth,Oldie,1961,150000,0.5,0.4,3,-9.0,1,0.03,0.8,0.0,0.2,0.7,120.0, Metal\n"
        "Fifth,Oldie,1962,151000,0.4,0.3,4,-9.5,0,0.04,0.7,0.0,0.3,0.6,121.0,World\n"
    ),
    "extra/music_genre_named.csv": (
        "instance_id,artist_name,track_name,popularity,acousticness,danceability,duration_ms,"
        "energy,instrumentalness,key,liveness,loudness,mode,speechiness,tempo,valence,music_genre\n"
        "7,empty_field,Sixth,0,0.2,0.5,-1,0.5,0.0,F#,0.1,-12.0,Minor,0.1,?,0.5,Classical\n"
        ",,,,,,,,,,,,,,,,\n"
        "8,Slim,First,1,0.1,0.7,200000,0.6,0.0,C#,0.1,-5.0,Major,0.2,90.1,0.5,Rap\n"
    ),
    "extra/curated_tracks.csv": (
        "spotify_id,artist,title,year,label,table,danceability,energy,speechiness,acousticness,"
        "instrumentalness,liveness,valence,tempo,loudness,key,mode,duration_ms\n"
        "id3,Dubber,Seventh,1975,dub,one,0.6,0.3,0.1,0.2,0.5,0.3,0.4,70.0,-12.0,2,1,240000\n"
        "id3,Dubber,Seventh,0,reggae,two,0.6,0.3,0.1,0.2,0.5,0.3,0.4,70.0,-12.0,2,1,240000\n"
        "id4,Slim & Guest,Eighth,,afrobeat,one,0.8,0.7,0.1,0.1,0.0,0.2,0.9,110.0,-6.0,9,0,210000\n"
    ),
    "extra/artist_genres.csv": (
        "artist,genre,share,dist\n"
        "slim,hip-hop,0.667,hip-hop:0.667|pop:0.333\n"
        "oldie,,0.5,rock:0.5|metal:0.5\n"
        "dubber,reggae,1.0,reggae:1.0\n"
    ),
}


COMPILED = {
    "jax_disable_most_optimizations": True,
    "jax_persistent_cache_min_compile_time_secs": 0.0,
    "jax_persistent_cache_min_entry_size_bytes": -1,
    "jax_persistent_cache_enable_xla_caches": "none",
}
"""Options with which JAX compiles little and keeps it: small networks compile longer than they run.
"""


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let fits of the same shapes share what JAX compiled, for this run alone."""
    options = COMPILED | {"jax_compilation_cache_dir": str(tmp_path_factory.mktemp("compiled"))}
    before = {name: jax.config.values[name] for name in options}
    update: Callable[[str, object], None] = jax.config.update
    for name, value in options.items():
        update(name, value)
    yield
    for name, value in before.items():
        update(name, value)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with all tables in their original layouts, with a few rows each."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return tmp_path


@pytest.fixture
def rewrite(data: Path) -> Callable[[str, str, str], None]:
    """Return a function that replaces a text in a table."""

    def replace(name: str, old: str, new: str) -> None:
        text = (data / name).read_bytes().decode()
        assert old in text
        (data / name).write_bytes(text.replace(old, new).encode())

    return replace


@pytest.fixture
def made_up_rows(made_up: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the synthetic dataset, to be modified."""
    return made_up.copy()


@pytest.fixture(scope="session")
def made_up() -> pd.DataFrame:
    """Return a synthetic dataset (see `made_up_dataset`), not to be modified."""
    return made_up_dataset()


@pytest.fixture(scope="session")
def fitted_on_labels(made_up: pd.DataFrame) -> Fitted:
    """Return a model that is fitted on forty labels too, and without them."""
    rng = np.random.default_rng(0)
    labels = [
        label(f"new{number}", {**VALUES, **{name: float(rng.random()) for name in FINGERPRINT}})
        for number in range(40)
    ]
    corrected, _ = add_labels(made_up, labels, made_up)
    return fit(corrected, STUDY, QUICK, seed=1, whole=False)


@pytest.fixture(scope="session")
def tables() -> Path:
    """Return the folder of the real tables; skips the test if there is none."""
    beside = Path(__file__).parents[3].parent / "shared" / "data"
    folder = Path(os.environ.get("SOUNDSLIKE_TABLES", beside))
    if not (folder / "fma_metadata").is_dir():
        pytest.skip(f"no training tables in {folder}; SOUNDSLIKE_TABLES names another folder")
    return folder


@pytest.fixture(scope="session")
def every_row(tables: Path) -> pd.DataFrame:
    """Return all rows of the real tables, which are read once, not to be modified."""
    return load_tables(tables)


@pytest.fixture(scope="session")
def real_rows(tables: Path, every_row: pd.DataFrame) -> pd.DataFrame:
    """Return the dataset of the real tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset, "load_tables", lambda *_: every_row.copy())
        return load_dataset(tables)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Return the address of the bot's database, with empty tables."""
    return migrated_sqlite(tmp_path / "soundslike.db")
