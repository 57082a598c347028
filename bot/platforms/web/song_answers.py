"""What all addresses of a song have in common: its answer with the votes, or why there is none."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot import texts
from bot.concurrency.bounded_cache import BoundedCache
from bot.domain import song_ids
from bot.domain.cards import Answer
from bot.domain.errors import SoundslikeError, Unavailable, UserFacing
from bot.domain.places import Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.tracks import SubjectRef
from bot.platforms.web import limits, present, problems
from bot.platforms.web.site import SITE
from bot.services.failures import failure_notice
from bot.services.services import Services
from bot.texts import song_page

VERSIONS: Final = 2048


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
        self,
        status: HTTPStatus,
        title: str,
        notice: Notice,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Store what is answered."""
        super().__init__(notice.kind)
        self.status = status
        self.title = title
        self.notice = notice
        self.headers = {"X-Robots-Tag": "noindex", **(headers or {})}


class SongAnswers:
    """Finds the answers for requests."""

    def __init__(self, services: Services) -> None:
        self._songs = services.songs
        self._voting = services.voting
        self._is_offline = services.is_offline
        self._versions: BoundedCache[Found] = BoundedCache(VERSIONS)

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

    @asynccontextmanager
    async def asking(self, request: web.Request, ref: SubjectRef | None) -> AsyncIterator[None]:
        """Count a request that sources are asked for, and have a slot for it until the block ends.

        A song that is in memory, or None, needs neither. Raises what `limits.check` and
        `limits.share` raise.
        """
        is_ready = ref is None or await self._songs.is_ready(ref)
        async with limits.asking(request, is_ready=is_ready):
            yield

    async def _answer(self, request: web.Request, ref: SubjectRef, place: Place) -> Answer:
        async with self.asking(request, ref):
            return await self._songs.answer(ref, place)

    def _failure(self, error: SoundslikeError) -> NoSong:
        title = song_page.problem(error)
        if isinstance(error, UserFacing):
            notice = Notice(error.kind, texts.failure(error, error.song))
            return NoSong(HTTPStatus.NOT_FOUND, title, notice)
        notice = failure_notice(error, "a song's page")
        # Without a network, the bot has the songs that it knows, and no others.
        is_unknown = isinstance(error, Unavailable) and self._is_offline()
        status = HTTPStatus.NOT_FOUND if is_unknown else problems.status_of(error)
        return NoSong(status, title, notice, problems.retry_after(error))

    def _found(self, song_id: str, answer: Answer, tally: Mapping[str, int]) -> Found:
        kept = self._versions.get(song_id)
        if kept and kept.answer is answer and kept.tally == tally:
            return kept
        answered = _digest(repr(answer))
        version = _digest(f"{answered} {list(tally.items())}")
        found = Found(song_id, answer, tally, answered, version)
        self._versions.put(song_id, found)
        return found


def no_such_song() -> NoSong:
    """Return the error for an id that is malformed."""
    notice = Notice(NoticeKind.TRACK_NOT_FOUND, song_page.NO_SUCH_SONG)
    return NoSong(HTTPStatus.NOT_FOUND, song_page.UNKNOWN, notice)


def no_picture() -> NoSong:
    """Return the error for a picture that cannot be drawn."""
    notice = Notice(NoticeKind.UNAVAILABLE, texts.PICTURE_MISSING)
    return NoSong(HTTPStatus.SERVICE_UNAVAILABLE, song_page.FAILED, notice, problems.retry_after())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
