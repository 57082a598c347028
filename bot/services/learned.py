"""Use case: a voter learns that a song which they corrected is now answered their way."""

import asyncio
from typing import Final

from bot.concurrency.bounded_cache import BoundedCache
from bot.domain.cards import ModelRef
from bot.domain.corrections import Correction, LearnedStore
from bot.domain.errors import SoundslikeError
from bot.domain.places import Place
from bot.domain.ports import Classifier, HashUser, ModelRegistry
from bot.services.classify import with_sound
from bot.services.failures import failure_notice
from bot.texts import learned as texts
from model.errors import ModelError
from model.verdicts import Verdict

CORRECTIONS: Final = 20
"""Corrections of a person that are looked at, the newest ones; each takes 0.1 ms."""

PEOPLE: Final = 4096
"""People of whom it is remembered that there is nothing to inform them of, 0.2 kB each."""

SECONDS: Final = 0.5
"""Time for the look-up, which begins when the vote is recorded or the question is answered."""


class LearnedService:
    """Finds what a person may be informed of, at most once for each song.

    The look-up is made at an action of the person, and once for each version of the default model:
    a new version alone changes what it finds.
    """

    def __init__(self, store: LearnedStore, models: ModelRegistry, hash_user: HashUser) -> None:
        self._store = store
        self._models = models
        self._hash_user = hash_user
        self._nothing: BoundedCache[ModelRef] = BoundedCache(PEOPLE)
        self._forgotten = 0

    async def notice(self, place: Place, user: str, *, besides: str = "") -> str | None:
        """Return a sentence for one person's eyes only, which is then not returned again.

        None if there is nothing to say, or it cannot be found out in time; does not raise.

        Args:
            place: Where the person acts.
            user: The platform's id of the person.
            besides: Key of a track that the person votes on just now.
        """
        try:
            async with asyncio.timeout(SECONDS):
                return await self._notice(self._hash_user(place, user), besides)
        except TimeoutError:
            return None
        except SoundslikeError as error:
            failure_notice(error, "what a voter learns")
            return None

    def forget(self, place: Place, user: str) -> None:
        """Drop what is remembered of a person, whose data was deleted."""
        self._forgotten += 1
        self._nothing.discard(self._hash_user(place, user))

    async def _notice(self, user: str, besides: str) -> str | None:
        forgotten = self._forgotten
        classifier = await self._models.get(None)
        model = ModelRef(classifier.name, classifier.version)
        if self._nothing.get(user) == model:
            return None
        found = await self._store.corrections(user, model, CORRECTIONS)
        others = [one for one in found if one.card.answer.subject.key != besides]
        for correction in others:
            track = correction.card.answer.subject
            if _is_learned(classifier, correction) and await self._store.note(user, track.key):
                return texts.learned(track, correction.genre)
        if len(others) == len(found) and forgotten == self._forgotten:
            self._nothing.put(user, model)
        return None


def _is_learned(classifier: Classifier, correction: Correction) -> bool:
    """Return whether a model's answer to a corrected song begins with the voted genre.

    Songs without a name, and those known by their sound alone, are left out.
    """
    answer = correction.card.answer
    if not answer.subject.is_named:
        return False
    try:
        by_numbers = classifier.predict(answer.features.with_year(answer.subject.year))
    except ModelError:
        return False
    prediction = with_sound(classifier, by_numbers, answer.heard)
    return prediction.best == correction.genre and prediction.verdict is not Verdict.UNSURE
