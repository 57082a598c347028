"""Store of the notices that a corrected song is now answered as its voter said."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from bot.domain.cards import ModelRef
from bot.domain.corrections import Correction
from bot.domain.ports import Now
from bot.storage.database import Database
from bot.storage.learning_tables import learned_notices
from bot.storage.predictions import card
from bot.storage.tables import predictions, votes


class SqlLearnedStore:
    """Implements the port `LearnedStore`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def corrections(self, user: str, model: ModelRef, limit: int) -> Sequence[Correction]:
        """Return a person's newest corrections of answers by other versions of a model.

        Those that the person was informed of are left out. Raises StorageFailed.
        """
        informed = exists().where(
            learned_notices.c.user_hash == user,
            learned_notices.c.track_key == predictions.c.track_key,
        )
        statement = (
            select(predictions, votes.c.genre.label("voted"))
            .join_from(votes, predictions, votes.c.prediction_id == predictions.c.id)
            .where(
                votes.c.user_hash == user,
                votes.c.standing == 1,
                votes.c.genre != predictions.c.genre,
                predictions.c.model == model.name,
                predictions.c.model_version != model.version,
                ~informed,
            )
            .order_by(votes.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [Correction(card(row), row["voted"]) for row in rows]

    async def note(self, user: str, track_key: str) -> bool:
        """Store that a person is informed of a track; False if it was stored before.

        Raises StorageFailed.
        """
        row = {"user_hash": user, "track_key": track_key, "at": self._now()}
        statement = self._database.insert(learned_notices).values(row).on_conflict_do_nothing()
        new = await self._database.execute(statement.returning(learned_notices.c.track_key))
        return bool(new)
