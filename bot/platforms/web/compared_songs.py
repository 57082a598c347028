"""Reads which two songs are to be compared, and finds them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, NamedTuple

from aiohttp import web

from bot import texts
from bot.domain import song_ids
from bot.domain.cards import Answer
from bot.domain.errors import SoundslikeError
from bot.domain.ranking import Matches
from bot.domain.text import storable
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.web import limits, problems
from bot.services.comparison import ComparisonService
from bot.services.failures import failure_notice
from bot.services.find import FindService
from bot.services.search import choices
from bot.texts import comparison_page

FIELDS: Final = ("a", "b")

ABOUT: Final = "a comparison"
"""Names it in the log, without what was typed."""


class Known(NamedTuple):
    """A song with its answer."""

    ref: SubjectRef
    answer: Answer


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two songs.

    Attributes:
        name: The field's name.
        text: What was given, with single spaces.
        ref: The song that it means, if that is clear.
        answer: The song's answer.
        choices: Songs that it may mean, with their ids.
        problem: Why there is no answer, in a sentence.
        error: The same as an error.
    """

    name: str
    text: str = ""
    ref: SubjectRef | None = None
    answer: Answer | None = None
    choices: Sequence[tuple[str, str]] = ()
    problem: str = ""
    error: SoundslikeError | None = None

    @property
    def known(self) -> Known | None:
        """The song with its answer, if there is one."""
        return Known(self.ref, self.answer) if self.ref and self.answer else None

    @property
    def is_canonical(self) -> bool:
        """Whether it is given by its id, or not at all."""
        return not self.text or (self.ref is not None and self.text == song_ids.of_ref(self.ref))

    @property
    def status(self) -> HTTPStatus:
        """The status of a page that misses this song."""
        if not self.problem or self.choices:
            return HTTPStatus.OK
        return status_of(self.error) if self.error else HTTPStatus.NOT_FOUND


Sides = tuple[Side, Side]


class SideReader:
    """Finds the songs that the fields of a request mean."""

    def __init__(self, find: FindService, comparison: ComparisonService) -> None:
        self._find = find
        self._comparison = comparison

    @asynccontextmanager
    async def asking(self, request: web.Request) -> AsyncIterator[None]:
        """Count a request that sources are asked for, and have a slot for it until the block ends.

        Raises what `limits.check` and `limits.share` raise.
        """
        given = [request.query.get(name, "") for name in FIELDS]
        refs = [song_ids.parse(text) for text in given if text]
        known = [ref for ref in refs if ref]
        is_ready = len(known) == len(refs) and await self._comparison.is_ready(known)
        async with limits.asking(request, is_ready=is_ready):
            yield

    async def read(self, request: web.Request, name: str) -> Side:
        """Return what a field means, without the song's answer.

        An id needs nothing, nor does a suggestion that was chosen, whose id the script puts into a
        hidden field. The name that the page itself had put into the field is that of the song in
        another hidden field. All else is searched for. Does not raise SoundslikeError.
        """
        side = Side(name, " ".join(storable(request.query.get(name, "")).split()))
        if not side.text:
            return side
        chosen, was = (request.query.get(f"{of}-{name}", "") for of in ("chosen", "was"))
        ref = song_ids.parse(chosen) or song_ids.parse(side.text)
        if ref := ref or await self._unchanged(side.text, was):
            return replace(side, ref=ref)
        try:
            found = await self._find.find(side.text)
        except SoundslikeError as error:
            return failed(side, error)
        return _found(side, found)

    async def answered(self, sides: Sides) -> Sides:
        """Return both sides with the answers for their songs; does not raise SoundslikeError."""
        answers = iter(await self._comparison.answers([one.ref for one in sides if one.ref]))
        first, second = (_answered(one, next(answers)) if one.ref else one for one in sides)
        return first, second

    async def _unchanged(self, text: str, song: str) -> SubjectRef | None:
        """Return the song whose name was in a field, if it is still there."""
        ref = song_ids.parse(song)
        if ref is None:
            return None
        (answer,) = await self._comparison.answers([ref])
        return ref if isinstance(answer, Answer) and name_of(answer) == text else None


def _found(side: Side, found: SubjectRef | Matches) -> Side:
    if isinstance(found, SubjectRef):
        if found.kind is SubjectKind.TRACK:
            return replace(side, ref=found)
        return replace(side, problem=comparison_page.not_a_song(found.kind))
    offered = [(one.label, song_ids.of_ref(one.ref)) for one in choices(found.close)]
    if not offered:
        return replace(side, problem=comparison_page.NO_ADDRESS)
    return replace(side, problem=texts.several_matches(side.text, len(offered)), choices=offered)


def _answered(side: Side, found: Answer | SoundslikeError) -> Side:
    return replace(side, answer=found) if isinstance(found, Answer) else failed(side, found)


def failed(side: Side, error: SoundslikeError) -> Side:
    """Return a side that has no answer, for an error, which is logged."""
    failure_notice(error, ABOUT)
    problem = comparison_page.problem(error, side.text)
    return replace(side, answer=None, problem=problem, error=error)


def status_of(found: Answer | SoundslikeError) -> HTTPStatus:
    """Return the status of a response about one song."""
    return HTTPStatus.OK if isinstance(found, Answer) else problems.status_of(found)


def name_of(answer: Answer) -> str:
    """Return a song's name as its field has it."""
    return texts.headline(answer.subject)
