"""Use case: famous songs that are filed under other genres than the model hears."""

import logging
from collections.abc import Sequence

from bot.concurrency.single_flight import SingleFlight
from bot.domain.cards import Answer
from bot.domain.errors import SoundslikeError
from bot.domain.filing import Agreement
from bot.domain.ports import Classifier, ModelRegistry
from bot.services.classify import classify
from bot.services.failures import value_or_none
from bot.services.offline import OfflineSongs
from model.verdicts import Verdict

_log = logging.getLogger(__name__)


class DisputeService:
    """Classifies songs that need no music service, and keeps the answers while the model stays.

    They are not stored as cards.
    """

    def __init__(self, songs: OfflineSongs, models: ModelRegistry) -> None:
        self._songs = songs
        self._models = models
        self._answers: SingleFlight[tuple[Answer, ...]] = SingleFlight(1)

    async def among(self, songs: Sequence[str]) -> Sequence[Answer]:
        """Return the answers that dispute where a song is filed, in the order of the songs.

        Does not raise; nothing is returned if the songs cannot be classified.

        Args:
            songs: Names of songs, as in "song - artist".
        """
        return await value_or_none(self._among(songs), "disputes") or ()

    async def close(self) -> None:
        """Cancel the classification in progress."""
        await self._answers.close()

    async def _among(self, songs: Sequence[str]) -> Sequence[Answer]:
        classifier = await self._models.get(None)
        key = "\n".join((classifier.name, classifier.version, *songs))
        return await self._answers.get(key, lambda: self._classify(classifier, songs))

    async def _classify(self, classifier: Classifier, songs: Sequence[str]) -> tuple[Answer, ...]:
        answers = []
        for measured in await self._songs.measured(songs):
            try:
                answers.append(classify(classifier, measured))
            except SoundslikeError as error:  # the others are shown without it
                _log.warning("disputes: %s: %s", measured.track.key, error)
        return tuple(filter(is_dispute, answers))


def is_dispute(answer: Answer) -> bool:
    """Return whether the verdict names genres, and those of the filing are not all among them."""
    is_apart = answer.agreement in {Agreement.DISAGREES, Agreement.PARTLY}
    return is_apart and answer.prediction.verdict is not Verdict.UNSURE
