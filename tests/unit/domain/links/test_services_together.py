"""Links of several services in one text: limits, order, round trip, time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.links import MAX_TRACKS, SHORT, Link, LinksFound, address, as_text, find, parse
from bot.domain.music_services import MusicService
from tests.unit.domain.links.test_service_forms import FORMS, NOTHING, SHORT_LINKS

SPOTIFY = "2YpeDb67231RjR0MgVLzsG"
SPOTIFY_TRACK = f"https://open.spotify.com/track/{SPOTIFY}"
VIDEO = "dQw4w9WgXcQ"


def exactly(found: LinksFound) -> list[tuple[Link, bool]]:
    """Return the links with what equality leaves out."""
    return [(link, link.certain) for link in found.links]


def deezer(number: int) -> Link:
    return Link("track", str(number), MusicService.DEEZER)


def video(end: str) -> Link:
    return Link("track", f"{VIDEO[:-1]}{end}", MusicService.YOUTUBE, certain=False)


def test_links_of_several_services_keep_the_order_of_the_text() -> None:
    text = f"https://tidal.com/album/5 {SPOTIFY_TRACK} https://link.deezer.com/s/a youtu.be/{VIDEO}"
    assert find(text).links == (
        Link("album", "5", MusicService.TIDAL),
        Link("track", SPOTIFY),
        Link(SHORT, "https://link.deezer.com/s/a", MusicService.DEEZER),
        Link("track", VIDEO, MusicService.YOUTUBE),
    )


def test_spotifys_links_are_told_from_the_others() -> None:
    album = "https://open.spotify.com/album/7LVHVU3tWfcxj5aiPFEW4Q"
    found = find(f"deezer.com/track/1 {SPOTIFY_TRACK} {album} deezer.com/album/2 link.deezer.com/x")
    assert found.tracks == [SPOTIFY]
    assert found.others == [Link("album", "7LVHVU3tWfcxj5aiPFEW4Q")]
    assert found.elsewhere == [deezer(1), Link("album", "2", MusicService.DEEZER)]
    assert found.short == ["https://link.deezer.com/x"]


def test_tracks_of_all_services_count_together() -> None:
    text = " ".join([*(f"deezer.com/track/{n}" for n in (1, 2, 3)), SPOTIFY_TRACK])
    assert find(text).links == (deezer(1), deezer(2), deezer(3))


def test_certain_tracks_come_before_videos_that_may_be_none() -> None:
    text = f"youtu.be/{VIDEO} youtu.be/{VIDEO[:-1]}a deezer.com/track/1 {SPOTIFY_TRACK}"
    assert find(text).links == (video("Q"), deezer(1), Link("track", SPOTIFY))


def test_first_videos_are_kept_without_certain_tracks() -> None:
    text = " ".join(f"youtu.be/{VIDEO[:-1]}{end}" for end in "abcd")
    assert find(text).links == (video("a"), video("b"), video("c"))


@pytest.mark.parametrize("between", [" ", "\n"])
def test_video_that_is_also_linked_at_youtube_music_is_certain(between: str) -> None:
    forms = [f"https://youtu.be/{VIDEO}", f"https://music.youtube.com/watch?v={VIDEO}"]
    for text in (between.join(forms), between.join(reversed(forms))):
        assert exactly(find(text)) == [(Link("track", VIDEO, MusicService.YOUTUBE), True)]


KNOWN = st.sampled_from([*FORMS, *SHORT_LINKS, *NOTHING, SPOTIFY_TRACK, "spotify:track:" + SPOTIFY])


@given(
    st.lists(KNOWN | st.text(max_size=20), max_size=12), st.sampled_from([" ", "\n", "> <", "é"])
)
def test_as_text_contains_the_same_links_and_nothing_else(words: list[str], between: str) -> None:
    found = find(between.join(words))
    text = as_text(found)
    assert exactly(find(text)) == exactly(found)
    assert len(text.split()) == len(found.links)


PIECES = st.sampled_from(
    ["https://", "http://", "youtu.be/", "www.youtube.com/", "music.youtube.com/", "watch?v=",
     VIDEO, "embed/", "shorts/", "playlist?list=", "OLAK5uy_kTszKQkux0dNJZUBM94ghp_1b1KE1Be3I",
     "browse/", "MPREb_ionshzGThBb", "attribution_link?u=%2Fwatch%3Fv%3D", "&v=", "&list=", "?i=",
     "music.apple.com/", "us/", "album/", "song/", "pl.u-8aAV", "itunes.apple.com/", "deezer.com/",
     "track/", "artist/", "123", "0", "link.deezer.com/s/", "?dest=", "tidal.com/", "/u",
     "soundcloud.com/", "a/", "sets/", "s-8Pjrp", "on.soundcloud.com/", "a.bandcamp.com/",
     ".bandcamp.com/", "music", "musicbrainz.org/", "recording/", "release/", "listenbrainz.org/",
     "132a508b-624a-4f1d-b61f-f6616121bab5", "/", "?", "&", "#", "@", ".", "_", ":443", " ",
     "url=https%3A%2F%2F", "consent.youtube.com/m?continue=", "%25", "%5B", "<", "|", ">", "é"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_any_text_gives_well_formed_links_and_no_error(text: str) -> None:
    found = find(text)
    assert len([link for link in found.links if link.kind == "track"]) <= MAX_TRACKS
    assert len(found.short) <= MAX_TRACKS
    assert len(set(found.links)) == len(found.links)
    assert exactly(find(as_text(found))) == exactly(found)
    for link in found.links:
        parsed = parse(address(link))
        assert parsed == link
        assert parsed is not None
        assert parsed.certain == link.certain


@settings(deadline=None, max_examples=50)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_time_is_linear_in_the_length(unit: str) -> None:
    # A pattern that backtracks takes 256 times as long for 16 times the text; linear time takes 16.
    short, long = (unit * (size // len(unit)) for size in (4_000, 64_000))
    assert seconds(long) < 80 * max(seconds(short), 0.0005)


@pytest.mark.parametrize(
    "unit",
    [
        "youtu.be ",
        f"https://youtu.be/{VIDEO} ",
        "https://www.youtube.com/watch?v=",
        "a-bandcamp.com",
        "a-" * 30 + ".bandcamp.com/ ",
        "youtu.be/x?url=https%3A%2F%2F",
        "soundcloud.com/a/",
    ],
)
def test_text_of_a_megabyte_is_searched_in_seconds(unit: str) -> None:
    assert seconds(unit * (1_000_000 // len(unit)), repeat=1) < 10


def seconds(text: str, repeat: int = 3) -> float:
    best = float("inf")
    for _ in range(repeat):
        start = time.thread_time()
        find(text)
        best = min(best, time.thread_time() - start)
    return best
