import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import ModelRef
from bot.domain.collection_figures import (
    ClassifiedTrack,
    distance,
    mean_features,
    shares,
    spread_of,
    summarise,
)
from bot.domain.collections import CollectionSummary
from bot.domain.tracks import AudioFeatures
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.support.factories import TYPICAL
from tests.support.fake_collections import collection, song, songs

MODEL = ModelRef("wide", "1")


def predicted(**genres: float) -> Prediction:
    ordered = dict(sorted(genres.items(), key=lambda one: -one[1]))
    return Prediction(ordered, Verdict.PLAIN, ())


def classified(
    number: int, features: Mapping[str, float], source: str = "reccobeats", **genres: float
) -> ClassifiedTrack:
    measured = AudioFeatures.from_source(features, source)
    return ClassifiedTrack(number, song(number), measured, predicted(**genres or {"rock": 1.0}))


def summarised(*tracks: ClassifiedTrack, read: int = 8, unmeasured: int = 0) -> CollectionSummary:
    of = collection(songs(read))
    return summarise(of, tracks, unmeasured=unmeasured, typical=TYPICAL, model=MODEL)


def test_share_of_a_genre_is_its_mean_probability() -> None:
    found = shares([predicted(rock=0.8, jazz=0.2), predicted(jazz=0.7, rock=0.3)])
    assert found == pytest.approx({"rock": 0.55, "jazz": 0.45})
    assert list(found) == ["rock", "jazz"]


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=100))
def test_shares_are_descending_and_sum_to_one(rows: list[list[float]]) -> None:
    valid = [[value + 0.01 for value in row] for row in rows]
    predictions = [
        predicted(**dict(zip(("rock", "jazz", "folk"), [v / sum(row) for v in row], strict=True)))
        for row in valid
    ]
    found = list(shares(predictions).values())
    assert math.fsum(found) == pytest.approx(1)
    assert found == sorted(found, reverse=True)


def test_mean_and_spread_are_over_the_songs_that_have_the_feature() -> None:
    known = [{"energy": 0.2, "tempo": 100.0}, {"energy": 0.6}, {"energy": 0.7, "tempo": 120.0}]
    assert mean_features(known) == pytest.approx({"energy": 0.5, "tempo": 110.0})
    expected = {"energy": math.sqrt((0.09 + 0.01 + 0.04) / 3), "tempo": 10.0}
    assert spread_of(known) == pytest.approx(expected)


def test_key_and_mode_have_no_mean() -> None:
    assert list(mean_features([{"key": 11.0, "mode": 1.0, "loudness": -6.0}])) == ["loudness"]


def test_distance_is_the_root_mean_square_of_standardised_features() -> None:
    means, spread = {"energy": 0.5, "tempo": 120.0}, {"energy": 0.2, "tempo": 30.0}
    song = {"energy": 0.9, "tempo": 90.0, "key": 3.0}
    assert distance(song, means, spread) == pytest.approx(math.sqrt((2**2 + 1**2) / 2))


def test_distance_in_a_feature_that_nobody_can_tell_apart_counts_little() -> None:
    """Standardised by its tiny spread alone, it would be the largest of all."""
    means, spread = (
        {"energy": 0.5, "instrumentalness": 0.001},
        {
            "energy": 0.2,
            "instrumentalness": 0.001,
        },
    )
    odd = {"energy": 0.5, "instrumentalness": 0.005}
    assert distance(odd, means, spread) < distance({**means, "energy": 0.6}, means, spread)


def test_song_without_common_features_is_at_the_mean() -> None:
    assert distance({"key": 3.0}, {"energy": 0.5}, {"energy": 0.1}) == 0


def test_typical_song_is_nearest_to_the_mean_and_the_odd_one_farthest() -> None:
    energies = [0.2, 0.5, 0.6, 0.4, 0.95]
    tracks = [classified(n, {"energy": energy}) for n, energy in enumerate(energies, 1)]
    found = summarised(*tracks)
    assert found.most_typical == found.tracks[1]
    assert found.oddest == found.tracks[4]


@pytest.mark.parametrize("energies", [[0.2], [0.2, 0.9], [0.4, 0.4, 0.4]])
def test_no_song_is_odd_among_two_or_among_equal_ones(energies: list[float]) -> None:
    tracks = [classified(n, {"energy": energy}) for n, energy in enumerate(energies, 1)]
    found = summarised(*tracks)
    assert (found.most_typical, found.oddest) == (None, None)


def test_tracks_keep_their_place_and_have_their_best_genre() -> None:
    found = summarised(
        classified(2, {"energy": 0.1}, rock=0.3, jazz=0.7),
        classified(5, {"energy": 0.3}, rock=0.9, jazz=0.1),
    )
    assert [(one.number, one.genre, one.probability) for one in found.tracks] == [
        (2, "jazz", 0.7),
        (5, "rock", 0.9),
    ]
    assert found.best == "rock"


def test_every_track_that_was_read_is_answered_unmeasured_or_unasked() -> None:
    found = summarised(classified(1, {"energy": 0.1}), read=8, unmeasured=4)
    assert (found.read, found.answered, found.unmeasured, found.unasked) == (8, 1, 4, 3)


def test_count_is_at_least_the_number_of_tracks_read() -> None:
    """A service may count fewer than it lists."""
    of = collection(songs(8), count=2)
    one = classified(1, {"energy": 0.1})
    assert summarise(of, [one], unmeasured=0, typical=TYPICAL, model=MODEL).count == 8


def test_source_of_most_tracks_is_first() -> None:
    sources = ("sample", "reccobeats", "reccobeats")
    tracks = [classified(n, {"energy": 0.1}, name) for n, name in enumerate(sources, 1)]
    assert summarised(*tracks).sources == ("reccobeats", "sample")
