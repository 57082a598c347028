"""Tracks from several sources, and the sources of features."""

import pytest

from bot.domain.music_services import MusicService
from bot.domain.tracks import AudioFeatures, SubjectKind, SubjectRef, Track


@pytest.mark.parametrize(
    ("track", "key"),
    [
        (Track("4uLU6hMCjMI75M1A2tKUQC", isrc="GBUM71029604"), "4uLU6hMCjMI75M1A2tKUQC"),
        (Track(isrc="GBUM71029604", deezer_id="3"), "isrc:GBUM71029604"),
        (Track(musicbrainz_id="b1a9c0e9"), "mbid:b1a9c0e9"),
        (Track(deezer_id="3135556"), "deezer:3135556"),
        (Track(title="Heroes", artists=("David Bowie",)), "heroes - david bowie"),
    ],
)
def test_the_key_is_the_most_specific_identifier(track: Track, key: str) -> None:
    assert track.key == key


def test_merging_fills_unknown_fields_and_keeps_known_ones() -> None:
    title_only = Track("a", title="Heroes", image="https://cover")
    other = Track(
        "b",
        title="“Heroes”",
        artists=("David Bowie",),
        isrc="GBAYE7700016",
        musicbrainz_id="m",
        deezer_id="d",
        duration_ms=370_000,
        duration_source="reccobeats",
    )
    merged = title_only.merge(other)
    assert merged == Track(
        "a",
        title="Heroes",
        artists=("David Bowie",),
        image="https://cover",
        isrc="GBAYE7700016",
        musicbrainz_id="m",
        deezer_id="d",
        duration_ms=370_000,
        duration_source="reccobeats",
    )
    assert merged.is_named
    assert not title_only.is_named


def test_merging_replaces_a_title_that_cannot_be_seen() -> None:
    blank = Track("a", title="\u3164", artists=("A",))
    assert not blank.is_named
    assert blank.merge(Track("a", title="Heroes")).title == "Heroes"
    assert blank.merge(Track("a", title="\u200b")).title == "\u3164"


def test_a_length_and_its_source_are_merged_together() -> None:
    known = Track("a", duration_ms=1000)
    assert known.merge(Track("a", duration_ms=2000, duration_source="x")) == known


def test_every_feature_value_has_its_source() -> None:
    features = AudioFeatures.from_source({"energy": 0.5, "tempo": 120.0}, "reccobeats")
    longer = features.with_value("duration_ms", 1000.0, "deezer")
    assert longer.sources == {
        "energy": "reccobeats",
        "tempo": "reccobeats",
        "duration_ms": "deezer",
    }
    assert longer.source == "reccobeats"
    assert longer.with_value("duration_ms", 2.0, "other") == longer
    assert AudioFeatures({}, {}).source == ""


def test_a_reference_tells_the_key_of_a_track_at_spotify_only() -> None:
    for service in MusicService:
        key = SubjectRef(SubjectKind.TRACK, "7", service).known_key
        assert key == ("7" if service is MusicService.SPOTIFY else None), service
    assert Track(spotify_id="7", isrc="X", deezer_id="1").key == "7"
