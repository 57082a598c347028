"""In-memory stores of what processes serve and of what candidates would have answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.cards import ModelRef
from bot.domain.errors import StorageFailed
from bot.domain.places import PAGE, PUBLIC
from bot.domain.served_models import ServedModel
from bot.domain.shadow_answers import ShadowComparison, ShadowVote, count_votes
from bot.storage.served_models import KEPT
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore


class FakeServedModels:
    """Implements ServedModelStore; `broken` makes it fail. `puts` has all rows in their order."""

    def __init__(self) -> None:
        self.rows: dict[str, ServedModel] = {}
        self.puts: list[ServedModel] = []
        self.broken = False

    async def put(self, served: ServedModel) -> None:
        self._check()
        self.puts.append(served)
        self.rows[served.process] = served
        newest = sorted(self.rows.values(), key=lambda row: row.at)[-KEPT:]
        self.rows = {row.process: row for row in (*newest, served)}

    async def live(self, since: datetime, until: datetime) -> Sequence[ServedModel]:
        self._check()
        return [self.rows[one] for one in sorted(self.rows) if since <= self.rows[one].at <= until]

    async def remove(self, process: str) -> None:
        self._check()
        self.rows.pop(process, None)

    def _check(self) -> None:
        if self.broken:
            raise StorageFailed("the database is broken")


class FakeShadowStore:
    """Implements ShadowStore; `broken` makes it fail."""

    def __init__(self, predictions: FakePredictionStore, votes: FakeVoteStore) -> None:
        self._predictions = predictions
        self._votes = votes
        self.answers: dict[tuple[int, ModelRef], Mapping[str, float]] = {}
        self.broken = False

    async def add(self, card_id: int, candidate: ModelRef, genres: Mapping[str, float]) -> None:
        if self.broken:
            raise StorageFailed("the database is broken")
        self._predictions.require(card_id)
        self.answers.setdefault((card_id, candidate), genres)

    async def compared(self, candidate: ModelRef) -> ShadowComparison:
        cards = self._predictions.cards
        both = {
            card_id: (cards[card_id].answer.prediction.best, next(iter(genres)))
            for (card_id, ref), genres in self.answers.items()
            if ref == candidate and cards[card_id].answer.model.name == candidate.name
        }
        different = {card_id: two for card_id, two in both.items() if two[0] != two[1]}
        votes = [
            ShadowVote(self._predictions.key(card_id), *different[card_id], genre)
            for card_id, genre in self._votes.counted()
            if card_id in different and not self._is_public(card_id)
        ]
        votes_for, votes_against = count_votes(votes)
        return ShadowComparison(len(both), len(different), votes_for, votes_against)

    def _is_public(self, card_id: int) -> bool:
        place = self._predictions.places[card_id]
        return (place.platform, place.workspace) == (PAGE, PUBLIC)
