from pathlib import Path

import pandas as pd
import pytest

from model.classifier import Classifier
from model.store import SHIPPED, BundleStore
from training.held_out_songs import HeldOutSong, HeldOutSongs
from training.study import songs


def test_example_song_has_the_earliest_year_of_any_table(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = HeldOutSong("hip-hop", "billboard", "Slim", "First", "id1")
    monkeypatch.setattr(songs, "SONG_IDS", ("id1",))
    monkeypatch.setattr(songs, "load_held_out_songs", lambda: HeldOutSongs((song,), {}))
    alone = songs.read_songs(data, ["billboard"])
    assert alone["year"].isna().all()  # the table has no years
    found = songs.read_songs(data, ["billboard", "playlists"])
    assert found[["id", "table", "genre", "year"]].to_numpy().tolist() == [
        ["id1", "billboard", "hip-hop", 2019.0]
    ]


def test_example_song_is_served_as_by_the_bot(examples: pd.DataFrame) -> None:
    first = examples.head(1)
    (found,) = songs.results(first, {}, BundleStore(SHIPPED))
    assert found.features["year"] == first["year"].item()
    known = {name: float(first[name].item()) for name in found.features}
    prediction = Classifier(BundleStore(SHIPPED).load("wide")).predict(known)
    assert prediction.year_counted
    assert found.verdict is prediction.verdict
    assert next(iter(found.predictions["wide"]["as shipped"])) == prediction.best
