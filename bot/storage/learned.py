"""Store of the notices that a corrected song is now answered as its voter said."""

from collections.abc import Sequence

from sqlalchemy import exists, literal, select

from bot.domain.cards import ModelRef
from bot.domain.corrections import Correction
from bot.domain.ports import Now
from bot.storage import postgres
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

        Nothing is stored, and False returned, if the person has no vote on it (any more). Raises
        StorageFailed.
        """
        columns = learned_notices.c
        voted = exists().where(votes.c.user_hash == user, votes.c.track_key == track_key)
        row = select(
            literal(user), literal(track_key), literal(self._now(), columns.at.type)
        ).where(voted)
        new = self._database.insert(learned_notices).from_select(list(columns), row)
        statement = new.on_conflict_do_nothing().returning(columns.track_key)
        async with self._database.write() as connection:
            if connection.dialect.name == postgres.DIALECT:
                # That of `SqlVoteStore.forget`, which might delete the vote at the same time.
                await connection.execute(select(postgres.lock(user)))
            return (await connection.execute(statement)).first() is not None
