"""Searches: suggestions while typing, and the page of results, which works without script.

Neither sets a cookie, and what is typed is neither stored nor logged.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from bot import texts
from bot.concurrency.wanted_work import NotWanted, while_wanted
from bot.domain import links, song_ids
from bot.domain.cards import Answer
from bot.domain.collections import CollectionSummary
from bot.domain.errors import NoTrackLink, SoundslikeError, Unavailable, UserFacing
from bot.domain.ranking import Matches
from bot.domain.replies import Choice
from bot.domain.text import is_visible, storable
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.platforms.web import limits, present, problems, suggestions
from bot.platforms.web.limits import Limit, Share
from bot.platforms.web.pages import Pages
from bot.services.failures import failure_notice
from bot.services.find import MAX_SEARCH_LENGTH
from bot.services.services import Services
from bot.texts import search_page

CACHE_BRIEFLY: Final = "private, max-age=60"
"""Of suggestions, for a person who deletes what was typed and types on."""

CHECK_INTERVAL: Final = 1.0
"""Seconds between two looks whether a visitor still waits for an album."""

ONLY_SONGS: Final = "song"
"""Value of `only` for suggestions that have a page of their own."""

ABOUT: Final = "a search"
"""Names a search in the log, without its words."""


class Search:
    """Answers requests for suggestions and searches."""

    def __init__(self, services: Services, pages: Pages) -> None:
        self._autocomplete = services.autocomplete
        self._find = services.find
        self._songs = services.songs
        self._collections = services.collections
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints."""
        return [web.get("/api/suggestions", self.suggest), web.get("/search", self.search)]

    async def suggest(self, request: web.Request) -> web.Response:
        """Return suggestions for what was typed so far; none for what can be no name."""
        typed = _query(request)
        suggested, is_complete = suggestions.of_links(typed), True
        if suggested is None:
            suggested = []
            if suggestions.is_worth_asking(typed):
                limits.check(request, Limit.SUGGESTION)
                async with limits.share(request, Share.SUGGESTION):
                    found = await self._autocomplete.suggest_with_artist(typed)
                suggested, is_complete = suggestions.of_found(found), found.is_complete
        if request.query.get("only") == ONLY_SONGS:
            suggested = [one for one in suggested if one["song"]]
        said = search_page.count(len(suggested)) if typed else ""
        response = web.json_response({"suggestions": suggested, "said": said})
        if is_complete:
            response.headers[hdrs.CACHE_CONTROL] = CACHE_BRIEFLY
        return response

    async def search(self, request: web.Request) -> web.Response:
        """Send a visitor to the song that a text means; else show what it may mean, or why not."""
        if "q" not in request.query:
            return self._page(request, "", heading=search_page.START)
        text = _query(request)
        if not is_visible(text):
            return self._page(request, "", HTTPStatus.BAD_REQUEST, sentence=search_page.EMPTY)
        if len(text) > MAX_SEARCH_LENGTH and not links.find(text).links:
            status = HTTPStatus.BAD_REQUEST
            return self._page(request, text, status, sentence=search_page.TOO_LONG)
        limits.check(request, Limit.MESSAGE)
        try:
            async with limits.share(request, Share.QUESTION):
                return await self._answer(request, text)
        except SoundslikeError as error:
            return await self._failure(request, text, error)
        except NotWanted:
            return web.Response()  # the page is closed

    async def _answer(self, request: web.Request, text: str) -> web.Response:
        found = await self._find.find(text)
        if isinstance(found, Matches):
            if found.best is None:
                return self._choices(request, text, found.close)
            return self._card(request, text, await self._songs.answer_track(found.best))
        if found.kind is SubjectKind.TRACK:
            address = present.song_address(song_ids.of_ref(found))
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})
        return self._summary(request, text, await self._collection(request, found))

    async def _collection(self, request: web.Request, ref: SubjectRef) -> CollectionSummary:
        async def is_wanted() -> bool:
            return request.transport is not None

        return await while_wanted(self._collections.answer(ref), is_wanted, CHECK_INTERVAL)

    def _choices(self, request: web.Request, text: str, close: Sequence[Track]) -> web.Response:
        offered = [_linked(track, track.ref) for track in close if track.ref]
        sentence = texts.several_matches(text, len(offered))
        return self._page(request, text, sentence=sentence, songs=offered)

    def _card(self, request: web.Request, text: str, answer: Answer) -> web.Response:
        return self._page(request, text, card=present.answer(answer, {}))

    def _summary(self, request: web.Request, text: str, answer: CollectionSummary) -> web.Response:
        return self._page(request, text, summary=present.collection(answer))

    async def _failure(
        self, request: web.Request, text: str, error: SoundslikeError
    ) -> web.Response:
        away = isinstance(error, Unavailable)
        offered: Sequence[Choice] = await self._find.offered(text) if away else ()
        notice = failure_notice(error, ABOUT, _shown(text), offered)
        is_unknown_link = isinstance(error, NoTrackLink) and error.link_kind is None
        return self._page(
            request,
            text,
            _status(error),
            headers=None if isinstance(error, UserFacing) else problems.retry_after(error),
            sentence=search_page.UNKNOWN_LINK if is_unknown_link else notice.text,
            songs=[_offered(choice) for choice in notice.choices],
        )

    def _page(
        self,
        request: web.Request,
        text: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> web.Response:
        known: dict[str, Any] = {"heading": search_page.WORDS["title"], "sentence": ""}
        known |= {"songs": (), "card": None, "summary": None, "words": search_page.WORDS}
        return self._pages.response(
            request, "search.html", status=status, headers=headers, query=text, **(known | values)
        )


def _query(request: web.Request) -> str:
    """Return what was typed, with single spaces."""
    return " ".join(storable(request.query.get("q", "")).split())


def _shown(text: str) -> str:
    """Return how a sentence names what was searched for: an address without its scheme."""
    found = links.find(text).links
    return links.without_scheme(links.address(found[0])) if found else text


def _status(error: SoundslikeError) -> HTTPStatus:
    if isinstance(error, NoTrackLink):
        return HTTPStatus.BAD_REQUEST
    return problems.status_of(error)


def _linked(track: Track, ref: SubjectRef) -> present.Json:
    year = str(track.year) if track.year else ""
    parts = {"title": texts.title(track), "artists": texts.artists(track), "note": year}
    return parts | {"address": present.song_address(song_ids.of_ref(ref))}


def _offered(choice: Choice) -> present.Json:
    address = present.song_address(song_ids.of_ref(choice.ref))
    return {"title": choice.label, "artists": "", "note": "", "address": address}
