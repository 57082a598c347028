"""Suggestions for what is being typed: `/api/suggestions`."""

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.collections import Artist
from bot.domain.tracks import Track
from bot.platforms.web import suggestions
from bot.texts import search_page
from tests.support.factories import HEROES, OLD_TOWN_ROAD, track
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp
from tests.support.fake_collections import ARTIST
from tests.support.group_chats import HEROES_LINK
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving

EVIL = '<img src=x onerror="alert(1)">\x00\x1b[31m'


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the bot logs; the log of requests is the test server's own."""
    return [r.getMessage() for r in caplog.records if not r.name.startswith("aiohttp")]


async def suggest(client: Client, text: str) -> dict[str, Any]:
    async with client.get("/api/suggestions", params={"q": text}) as response:
        assert response.status == 200, await response.text()
        assert "Set-Cookie" not in response.headers
        found: dict[str, Any] = await response.json()
        return found


async def test_a_song_is_suggested_with_its_artists_id_and_message(app: FakeApp) -> None:
    async with serving(app) as client:
        found = await suggest(client, " old  town ")
    assert found["suggestions"] == [
        {
            "label": texts.choice_label(track()),
            "title": "Old Town Road - Remix",
            "artists": "Lil Nas X, Billy Ray Cyrus",
            "song": OLD_TOWN_ROAD,
            "text": LINK,
        }
    ]
    assert found["said"] == "1 suggestion."


async def test_a_song_without_an_id_is_asked_for_by_its_name(app: FakeApp) -> None:
    app.lookup.tracks = [Track(title="Only Here", artists=("Somebody",))]
    async with serving(app) as client:
        (only,) = (await suggest(client, "only"))["suggestions"]
    assert (only["song"], only["text"]) == (None, "/genre Only Here - Somebody")


@pytest.mark.parametrize(("others", "place"), [(0, 0), (3, -1)])
async def test_an_artist_comes_before_the_songs_if_most_of_them_are_of_that_artist(
    app: FakeApp, others: int, place: int
) -> None:
    app.artists.known = {"Lil Nas X": Artist("Lil Nas X", ARTIST)}
    names = ["Lil Nas X", *["Linda"] * others]
    app.lookup.tracks = [
        track(str(number) * 22, title="Lil Nas", artists=(name,))
        for number, name in enumerate(names)
    ]
    async with serving(app) as client:
        suggested = (await suggest(client, "lil nas"))["suggestions"]
    assert len(suggested) == len(names) + 1
    assert suggested[place] == {
        "label": "Lil Nas X (artist)",
        "title": "Lil Nas X",
        "artists": search_page.ARTIST,
        "song": None,
        "text": "https://www.deezer.com/artist/303",
    }


@pytest.mark.parametrize(
    ("typed", "label", "song"),
    [
        (f"{LINK}?si=abc", "Spotify track", OLD_TOWN_ROAD),
        ("https://www.deezer.com/album/101", "Deezer album", None),
        ("https://www.deezer.com/track/101", "Deezer track", "deezer-101"),
        (SHORT_LINK, f"Spotify {search_page.SHORT_LINK}", None),
        (f"{LINK} {HEROES_LINK}", "Spotify track, Spotify track", None),
        ("https://example.org/song", search_page.UNKNOWN_LINK, None),
        (
            "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ",
            "That is an episode link; I listen to songs, albums, artists and playlists only.",
            None,
        ),
    ],
    ids=str.split("track album deezer short two unknown episode"),
)
async def test_a_link_is_one_suggestion_without_asking_a_service(
    app: FakeApp, typed: str, label: str, song: str | None
) -> None:
    async with serving(app) as client:
        (one,) = (await suggest(client, typed))["suggestions"]
    assert (one["label"], one["song"]) == (label, song)
    assert one["text"]
    assert app.lookup.asked == 0


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\u200b\x07", "o", "x" * 301, "é" * 301, "🌹🌹"],
    ids=str.split("empty space invisible letter long accents emoji"),
)
async def test_what_is_no_name_gets_no_suggestion(app: FakeApp, typed: str) -> None:
    async with serving(app) as client:
        assert (await suggest(client, typed))["suggestions"] == []
    assert app.lookup.asked == ("🌹" in typed)


async def test_a_field_for_a_song_gets_only_songs_with_an_id(app: FakeApp) -> None:
    app.artists.known = {"David Bowie": Artist("David Bowie", ARTIST)}
    app.lookup.tracks.append(Track(title="Unknown", artists=("David Bowie",)))
    async with serving(app) as client:
        everything = await suggest(client, "david bowie")
        async with client.get("/api/suggestions?q=david+bowie&only=song") as response:
            songs = await response.json()
    assert [one["song"] for one in everything["suggestions"]] == [None, HEROES, None]
    assert [one["song"] for one in songs["suggestions"]] == [HEROES]
    assert songs["said"] == "1 suggestion."


async def test_ten_thousand_characters_are_refused(app: FakeApp) -> None:
    async with (
        serving(app) as client,
        client.get("/api/suggestions", params={"q": "x" * 10_000}) as response,
    ):
        assert response.status == 400


async def test_hostile_names_are_one_line_without_control_characters(app: FakeApp) -> None:
    app.lookup.tracks = [track(HEROES, title=f"Heroes {EVIL}", artists=(f"Bowie {EVIL}\n" * 40,))]
    async with serving(app) as client:
        (one,) = (await suggest(client, "heroes"))["suggestions"]
    for name in ("label", "title", "artists"):
        assert one[name].isprintable()
        assert len(one[name]) <= 150


async def test_suggestions_are_kept_by_the_browser_for_a_minute_unless_a_source_failed(
    app: FakeApp,
) -> None:
    async with serving(app) as client:
        async with client.get("/api/suggestions?q=heroes") as response:
            assert response.headers["Cache-Control"] == "private, max-age=60"
        app.lookup.away = True
        async with client.get("/api/suggestions?q=another") as response:
            assert response.headers["Cache-Control"] == "no-store"
            assert (await response.json())["suggestions"] == []


async def test_what_is_typed_is_neither_logged_nor_stored(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app.lookup.away = True
    async with serving(app) as client:
        await suggest(client, "whisper words")
    assert logged(caplog)
    assert not [line for line in logged(caplog) if "whisper" in line]
    assert not app.messages.stored
    assert not app.predictions.cards


@given(st.text(max_size=400))
def test_any_text_is_links_or_words(text: str) -> None:
    suggested = suggestions.of_links(text)
    assert suggested is None or [bool(one["label"] and one["text"]) for one in suggested] == [True]


@given(st.builds(Track, title=st.text(max_size=320), artists=st.tuples(st.text(max_size=320))))
def test_any_song_is_suggested_on_lines_of_bounded_length(song: Track) -> None:
    suggested = suggestions.of_track(song)
    for name in ("label", "title", "artists"):
        assert len(suggested[name]) <= 150
        assert "\n" not in suggested[name]
