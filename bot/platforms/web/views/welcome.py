"""What the empty chat page offers: famous disputes, or messages to try while there are none."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from bot import texts
from bot.domain import emoji, song_ids
from bot.domain.cards import Answer
from bot.domain.errors import stack_of
from bot.platforms.web import present
from bot.services.disputes import DisputeService
from bot.texts import web_page

_log = logging.getLogger(__name__)

PATIENCE: Final = 0.1
"""Seconds that the page waits for disputes; they are classified at the start, in 50 ms."""


class Welcome:
    """Returns the values of the template `examples.html`.

    Args:
        disputes: Classifies the songs.
        patience: Seconds that a page waits for them.
    """

    def __init__(self, disputes: DisputeService, patience: float = PATIENCE) -> None:
        self._disputes = disputes
        self._patience = patience
        self._classifying: asyncio.Task[Sequence[Answer]] | None = None
        self._answers: Sequence[Answer] = ()
        self._displayed: Sequence[present.Json] = ()

    async def start(self, _: object = None) -> None:
        """Begin to classify the disputes, so that no visitor has to wait for them."""
        self._classify()

    async def stop(self, _: object = None) -> None:
        """End what is left of it."""
        if self._classifying is not None:
            self._classifying.cancel()
            await asyncio.gather(self._classifying, return_exceptions=True)

    async def values(self) -> present.Json:
        """Return the disputes, and the messages to try, which are displayed if there are none."""
        disputes = self._display(await self._in_time())
        examples = [_example(**example) for example in web_page.EXAMPLES]
        return {"disputes": disputes, "examples": examples}

    def ready(self) -> Sequence[present.Json]:
        """Return the disputes without waiting for them; none before they are classified.

        After the model was replaced, they are those of the one before, once.
        """
        work = self._classifying
        if work is not None and work.done() and not work.cancelled() and not work.exception():
            displayed = self._display(work.result())
            self._classify()  # for the next page; the answers are kept while the model stays
            return displayed
        return self._displayed

    def _display(self, answers: Sequence[Answer]) -> Sequence[present.Json]:
        if answers is not self._answers:  # they stay the same object while the model stays
            self._answers, self._displayed = answers, [_dispute(answer) for answer in answers]
        return self._displayed

    async def _in_time(self) -> Sequence[Answer]:
        """Return the disputes; none if they take too long or fail, as the page works without."""
        classifying = self._classify()
        await asyncio.wait([classifying], timeout=self._patience)
        if not classifying.done():
            return ()
        if error := classifying.exception():
            _log.error("disputes: failed: %s", stack_of(error))
            return ()
        return classifying.result()

    def _classify(self) -> asyncio.Task[Sequence[Answer]]:
        """Return the work in progress, else begin: the answers stay while the model does."""
        if self._classifying is None or self._classifying.done():
            work = self._disputes.among(web_page.DISPUTES)
            self._classifying = asyncio.create_task(work)
        return self._classifying


def _dispute(answer: Answer) -> present.Json:
    """Return a dispute with its page and the genre in the centre of its picture, a filed one."""
    dispute = present.dispute(answer)
    best, *_ = dispute["genres"]
    centres = (one for one in dispute["genres"] if one["filed"] and one != best)
    centre = next(centres, best)["genre"]
    song = song_ids.song_id(answer.subject)
    address = present.song_address(song) if song else _search(texts.headline(answer.subject))
    return dispute | {"address": address, "centre": centre, "emoji": emoji.GENRES.get(centre, "")}


def _example(text: str, about: str) -> present.Json:
    return {"text": text, "about": about, "address": _search(text.removeprefix("/genre "))}


def _search(text: str) -> str:
    return f"/search?{urlencode({'q': text})}"
