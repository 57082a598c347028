"""What all addresses of a song have in common: its answer with the votes, or why there is none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Final

from aiohttp import hdrs, web

from bot import texts
from bot.concurrency.bounded_cache import BoundedCache
from bot.domain import song_ids
from bot.domain.cards import Answer
from bot.domain.errors import SoundslikeError, Unavailable, UserFacing
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.tracks import SubjectRef
from bot.platforms.web import limits, present
from bot.platforms.web.limits import Limit, Share
from bot.platforms.web.site import SITE
from bot.services.failures import failure_notice
from bot.services.services import Services
from bot.texts import song_page

RETRY_SECONDS: Final = 60
"""Seconds after which to ask again, if a service that failed names none."""

MAX_RETRY_SECONDS: Final = 3600
VERSIONS: Final = 2048
LOG_SECONDS: Final = 60.0
"""Time between two log lines about the same failure, as crawlers ask for any number of songs."""


@dataclass(frozen=True, slots=True)
class Found:
    """A song that has an answer.

    Attributes:
        id: Its id in addresses; the song was perhaps asked for by another one.
        answer: The answer.
        tally: The votes of all visitors by genre, in descending order.
        answered: What is equal for equal answers only.
        version: What is equal for equal answers with equal votes only.
    """

    id: str
    answer: Answer
    tally: Mapping[str, int]
    answered: str
    version: str

    @property
    def address(self) -> str:
        """The path of the song's page."""
        return present.song_address(self.id)


class NoSong(Exception):
    """There is no answer.

    Attributes:
        status: Status of the response.
        title: Title of a page that says so.
        notice: The reason.
        headers: Headers of the response.
    """

    def __init__(
        self, status: HTTPStatus, title: str, notice: Notice, retry_after: int | None = None
    ) -> None:
        """Store what is answered."""
        super().__init__(notice.kind)
        self.status = status
        self.title = title
        self.notice = notice
        retry = {} if retry_after is None else {hdrs.RETRY_AFTER: str(retry_after)}
        self.headers = {"X-Robots-Tag": "noindex"} | retry


class SongAnswers:
    """Finds the answers for requests."""

    def __init__(self, services: Services) -> None:
        self._songs = services.songs
        self._voting = services.voting
        self._versions: BoundedCache[Found] = BoundedCache(VERSIONS)
        self._logged: BoundedCache[bool] = BoundedCache(64)

    async def find(self, request: web.Request, text: str | None = None) -> Found:
        """Return the song that an id refers to, by default that in the request's path.

        Raises NoSong, for a malformed id without asking anything, and what limits raise for a song
        of which sources are asked.
        """
        ref = song_ids.parse(request.match_info["song"] if text is None else text)
        if ref is None:
            raise no_such_song()
        place = request.app[SITE].place
        try:
            answer = await self._answer(request, ref, place)
        except SoundslikeError as error:
            raise self._failure(error) from None
        tally = await self._voting.recent_tally_of(answer.subject.key, place)
        return self._found(song_ids.of_ref(song_ids.canonical(ref, answer.subject)), answer, tally)

    async def _answer(self, request: web.Request, ref: SubjectRef, place: Place) -> Answer:
        if await self._songs.is_ready(ref):
            return await self._songs.answer(ref, place)
        limits.check(request, Limit.SONG)
        async with limits.share(request, Share.QUESTION):
            return await self._songs.answer(ref, place)

    def _found(self, song_id: str, answer: Answer, tally: Mapping[str, int]) -> Found:
        kept = self._versions.get(song_id)
        if kept and kept.answer is answer and kept.tally == tally:
            return kept
        answered = _digest(repr(answer))
        version = _digest(f"{answered} {list(tally.items())}")
        found = Found(song_id, answer, tally, answered, version)
        self._versions.put(song_id, found)
        return found

    def _failure(self, error: SoundslikeError) -> NoSong:
        title = song_page.problem(error)
        if isinstance(error, UserFacing):
            notice = Notice(error.kind, texts.failure(error, error.song))
            return NoSong(HTTPStatus.NOT_FOUND, title, notice)
        about = type(error).__name__
        if self._logged.get(about) is None:
            self._logged.put(about, value=True, seconds=LOG_SECONDS)
            notice = failure_notice(error, "a song's page")
        else:
            notice = Notice(error.kind, texts.failure(error, error.song))
        seconds = error.retry_after if isinstance(error, Unavailable) else None
        wait = min(max(1, ceil(seconds or RETRY_SECONDS)), MAX_RETRY_SECONDS)
        return NoSong(HTTPStatus.SERVICE_UNAVAILABLE, title, notice, wait)


def no_such_song() -> NoSong:
    """Return the error for an id that is malformed."""
    notice = Notice(NoticeKind.TRACK_NOT_FOUND, song_page.NO_SUCH_SONG)
    return NoSong(HTTPStatus.NOT_FOUND, song_page.UNKNOWN, notice)


def no_picture() -> NoSong:
    """Return the error for a picture that cannot be drawn."""
    notice = Notice(NoticeKind.UNAVAILABLE, texts.PICTURE_MISSING)
    return NoSong(HTTPStatus.SERVICE_UNAVAILABLE, song_page.FAILED, notice, RETRY_SECONDS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
