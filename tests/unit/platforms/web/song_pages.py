"""Requests for pages of songs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.web import events
from bot.platforms.web.site import Site
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeRenderer
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client

UNKNOWN = "0" * 22
UNHEARD = "1" * 22
EVIL = "e" * 22
ON_DEEZER = "deezer-42"
ON_BANDCAMP = "bandcamp-artist~song"
MALFORMED = ["x", "deezer-0", OLD_TOWN_ROAD + "0", "a%2fb", "%3Cscript%3E", "%ff", "1.json"]
ORIGIN = "https://songs.example"


class Head(HTMLParser):
    """What an unfurling service reads: the elements of a page's head.

    Attributes:
        meta: Property or name to content.
        links: Relation to attributes.
        title: Title of the page.
        text: All text of the page.
        scripts: Number of script elements.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, dict[str, str | None]] = {}
        self.title = self.text = ""
        self.scripts = 0
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        found = dict(attrs)
        if tag == "meta" and "content" in found and "media" not in found:
            name = found.get("property") or found.get("name") or ""
            assert name not in self.meta, f"{name} twice"
            self.meta[name] = found["content"] or ""
        if tag == "link":
            self.links[found["rel"] or ""] = found
        self.scripts += tag == "script"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.title += data if self._inside == "title" else ""
        self.text += data


def song_app(renderer: FakeRenderer | None = None) -> FakeApp:
    """Return an app that knows songs of several services, one with a hostile title."""
    app = FakeApp(renderer)
    evil = track(EVIL, title=EVIL_TITLE, artists=("</title><img src=x onerror=alert(1)>",))
    app.lookup.tracks += [evil, track(UNHEARD, title="Unheard")]
    app.features.known = {
        **app.features.known,
        EVIL: VALUES,
        "deezer:43": VALUES,
        "known by name - x": VALUES,
    }
    app.filing.known = {
        OLD_TOWN_ROAD: FiledUnder(("hip-hop",), "fake"),
        HEROES: FiledUnder(("rock",), "fake"),
    }
    by_name = track(None, title="Known by name", artists=("X",))
    app.pages.known = {
        _ref(MusicService.DEEZER, "42"): track(OLD_TOWN_ROAD, deezer_id="42"),
        _ref(MusicService.DEEZER, "43"): track(None, deezer_id="43", title="Ours"),
        _ref(MusicService.BANDCAMP, "artist/song"): by_name,
    }
    return app


@asynccontextmanager
async def serving_songs(app: FakeApp, url: str | None = ORIGIN) -> AsyncIterator[Client]:
    site = Site(url=url)
    async with TestClient(TestServer(events.build(app.services, site))) as client:
        yield client


@pytest.fixture
def app() -> FakeApp:
    return song_app()


def _ref(service: MusicService, found: str) -> SubjectRef:
    return SubjectRef(SubjectKind.TRACK, found, service)
