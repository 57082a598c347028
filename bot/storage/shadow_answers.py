"""Store of what candidates would have answered."""

from collections.abc import Mapping

from sqlalchemy import func, not_, select

from bot.domain.cards import ModelRef
from bot.domain.ports import Now
from bot.domain.shadow_answers import ShadowComparison, ShadowVote, count_votes
from bot.storage.database import Database
from bot.storage.learning_tables import shadow_answers
from bot.storage.tables import predictions, votes
from bot.storage.trainable_votes import is_public


class SqlShadowStore:
    """Implements the port `ShadowStore`.

    Args:
        database: The database.
        now: Clock.
        learns_from_public: Whether votes on a page for everyone count.
    """

    def __init__(self, database: Database, now: Now, *, learns_from_public: bool = False) -> None:
        self._database = database
        self._now = now
        self._learns_from_public = learns_from_public

    async def add(self, card_id: int, candidate: ModelRef, genres: Mapping[str, float]) -> None:
        """Store the candidate's probabilities for a card; a second time is ignored.

        Raises StorageFailed, also if the card was deleted.
        """
        row = {
            "prediction_id": card_id,
            "model": candidate.name,
            "version": candidate.version,
            "genre": next(iter(genres)),
            "genres": dict(genres),
            "at": self._now(),
        }
        statement = self._database.insert(shadow_answers).values(row)
        await self._database.execute(statement.on_conflict_do_nothing())

    async def compared(self, candidate: ModelRef) -> ShadowComparison:
        """Compare a candidate with the cards of the model of its name; raise StorageFailed."""
        silent = shadow_answers.c
        both = (
            select(
                predictions.c.id,
                predictions.c.track_key,
                predictions.c.genre.label("shown"),
                silent.genre.label("silent"),
                predictions.c.platform,
                predictions.c.workspace,
            )
            .join(shadow_answers, silent.prediction_id == predictions.c.id)
            .where(
                silent.model == candidate.name,
                silent.version == candidate.version,
                predictions.c.model == candidate.name,
            )
            .subquery()
        )
        differs = both.c.shown != both.c.silent
        counts = select(func.count(), func.count().filter(differs)).select_from(both)
        voted = (
            select(both.c.track_key, both.c.shown, both.c.silent, votes.c.genre)
            .join(votes, votes.c.prediction_id == both.c.id)
            .where(votes.c.standing == 1, differs)
        )
        if not self._learns_from_public:
            voted = voted.where(not_(is_public(both.c)))
        async with self._database.read() as connection:
            answers, different = (await connection.execute(counts)).one()
            rows = (await connection.execute(voted)).all()
        votes_for, votes_against = count_votes(ShadowVote(*row) for row in rows)
        return ShadowComparison(answers, different, votes_for, votes_against)
