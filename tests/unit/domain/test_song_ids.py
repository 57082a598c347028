"""Ids of songs in addresses."""

import re
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import links, song_ids
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track

SPOTIFY = "2YpeDb67231RjR0MgVLzsG"
UUID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"

IDS = {
    MusicService.SPOTIFY: r"[0-9A-Za-z]{22}",
    MusicService.APPLE_MUSIC: r"([a-z]{2}/)?[1-9][0-9]{0,18}",
    MusicService.DEEZER: r"[1-9][0-9]{0,18}",
    MusicService.YOUTUBE: r"[0-9A-Za-z_-]{11}",
    MusicService.TIDAL: r"[1-9][0-9]{0,18}",
    MusicService.SOUNDCLOUD: r"[0-9A-Za-z-]{1,255}/[0-9A-Za-z-]{1,255}",
    MusicService.BANDCAMP: r"[0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?/[0-9A-Za-z-]{1,255}",
    MusicService.MUSICBRAINZ: r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}
"""Service to the regular expression of its tracks' ids."""

EXAMPLES = [
    (SPOTIFY, MusicService.SPOTIFY, SPOTIFY),
    ("apple-music-us~1440833081", MusicService.APPLE_MUSIC, "us/1440833081"),
    ("apple-music-1440833081", MusicService.APPLE_MUSIC, "1440833081"),
    ("deezer-3135556", MusicService.DEEZER, "3135556"),
    ("youtube-dQw4w9WgXcQ", MusicService.YOUTUBE, "dQw4w9WgXcQ"),
    ("youtube--_-_-_-_-_-", MusicService.YOUTUBE, "-_-_-_-_-_-"),
    ("tidal-77646168", MusicService.TIDAL, "77646168"),
    ("soundcloud-some-one~a_song-2", MusicService.SOUNDCLOUD, "some-one/a_song-2"),
    ("bandcamp-artist~song-2", MusicService.BANDCAMP, "artist/song-2"),
    (f"musicbrainz-{UUID}", MusicService.MUSICBRAINZ, UUID),
]


@st.composite
def refs(draw: st.DrawFn) -> SubjectRef:
    """Generate references that links have."""
    service = draw(st.sampled_from(MusicService))
    found = draw(st.from_regex(re.compile(IDS[service], re.ASCII), fullmatch=True))
    return SubjectRef(SubjectKind.TRACK, found, service)


@pytest.mark.parametrize(("text", "service", "found"), EXAMPLES)
def test_every_service_has_its_form(text: str, service: MusicService, found: str) -> None:
    ref = SubjectRef(SubjectKind.TRACK, found, service)
    assert song_ids.parse(text) == ref
    assert song_ids.of_ref(ref) == text


def test_examples_cover_every_service() -> None:
    assert {service for _, service, _ in EXAMPLES} == set(IDS) == set(MusicService)


@given(refs())
def test_any_track_that_a_link_can_name_is_found_again(ref: SubjectRef) -> None:
    link = links.parse(links.subject_address(ref))
    text = song_ids.of_ref(ref)
    named = link is not None and (link.kind, link.id) == ("track", ref.id)
    # Some words are no users, artists or videos, such as "charts" or "videoseries".
    assert song_ids.parse(text) == (ref if named else None)


@given(st.text(max_size=60) | st.sampled_from([one for one, _, _ in EXAMPLES]).flatmap(
    lambda text: st.tuples(st.just(text), st.integers(0, len(text)), st.text(max_size=3)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    )
))  # fmt: skip
@example("soundcloud-a~b~c")
@example("deezer-1?x=https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG")
def test_hostile_text_is_refused_or_is_an_id_that_no_address_escapes(text: str) -> None:
    ref = song_ids.parse(text)
    if ref is not None:
        assert song_ids.of_ref(ref) == text == quote(text, safe="")
        assert "." not in text
        assert ref.kind is SubjectKind.TRACK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-",
        "deezer",
        "deezer-",
        "deezer-0",
        "deezer-x",
        "deezer--1",
        "deezer-1.json",
        "Deezer-1",
        f"spotify-{SPOTIFY}",
        f"{SPOTIFY}0",
        f"{SPOTIFY}\n",
        f" {SPOTIFY}",
        f"{SPOTIFY}?x",
        f"{SPOTIFY}#x",
        f"../{SPOTIFY}",
        f"spotify:track:{SPOTIFY}",
        f"https://open.spotify.com/track/{SPOTIFY}",
        f"musicbrainz-{UUID.upper()}",
        "apple-music-us/1440833081",
        "apple-music-US~1",
        "soundcloud-artist",
        "soundcloud-artist~sets~list",
        "soundcloud-artist~song~s-SECRET",
        "soundcloud-discover~song",
        "bandcamp-www~song",
        "bandcamp-evil.test~song",
        "youtube-videoseries",
        "youtube-dQw4w9WgXcQ~",
        "\N{FULLWIDTH DIGIT TWO}YpeDb67231RjR0MgVLzsG",
        "deezer-\N{FULLWIDTH DIGIT ONE}",
        "\ud800",
        "x" * 100_000,
        f"deezer-{'1' * 100_000}",
    ],
)
def test_what_is_no_id_never_parses(text: str) -> None:
    assert song_ids.parse(text) is None


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        (Track(SPOTIFY, deezer_id="1", musicbrainz_id=UUID), SPOTIFY),
        (Track(deezer_id="1", musicbrainz_id=UUID), "deezer-1"),
        (Track(musicbrainz_id=UUID, url="https://artist.bandcamp.com/track/song"),
         f"musicbrainz-{UUID}"),
        (Track(url="https://artist.bandcamp.com/track/song"), "bandcamp-artist~song"),
        (Track(url="https://artist.bandcamp.com/album/songs"), None),
        (Track(url="javascript:alert(1)"), None),
        (Track(title="a file", sound_id="0" * 32), None),
    ],
)  # fmt: skip
def test_id_of_a_track_is_one_by_which_it_can_be_asked_for(
    track: Track, expected: str | None
) -> None:
    assert song_ids.song_id(track) == expected


@pytest.mark.parametrize(
    ("asked", "track", "expected"),
    [
        ("deezer-1", Track(SPOTIFY, deezer_id="1"), SPOTIFY),
        ("bandcamp-a~b", Track(deezer_id="1"), "deezer-1"),
        ("deezer-1", Track(deezer_id="2"), "deezer-1"),
        ("deezer-1", Track(musicbrainz_id=UUID), "deezer-1"),
        ("bandcamp-a~b", Track(title="known by name only"), "bandcamp-a~b"),
        (SPOTIFY, Track("7Jh1bpe76CNTCgdgAdBw4Z"), SPOTIFY),
    ],
)
def test_canonical_id_is_that_of_a_preferred_service(
    asked: str, track: Track, expected: str
) -> None:
    ref = song_ids.parse(asked)
    assert ref is not None
    assert song_ids.of_ref(song_ids.canonical(ref, track)) == expected
