"""Answers, one row each."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import RowMapping, insert, select

from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.domain.tracks import AudioFeatures, Track
from bot.storage.database import Database
from bot.storage.tables import predictions
from model.classifier import Prediction, Reason, Verdict
from model.schema import NAMES

HIGHEST_ID: Final = 2**31 - 1
"""A database may refuse a higher one, which names no card anyway."""


class SqlPredictionStore:
    """A PredictionStore."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be given in `place`. Raises StorageFailed."""
        row = {**_row(answer), **asdict(place), "at": self._now()}
        statement = insert(predictions).values(row).returning(predictions.c.id)
        async with self._database.write() as connection:
            card_id = (await connection.execute(statement)).scalar_one()
        return Card(card_id, answer)

    async def get(self, card_id: int) -> Card | None:
        """Return a stored answer. Raises StorageFailed."""
        if card_id > HIGHEST_ID:
            return None
        statement = select(predictions).where(predictions.c.id == card_id)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return card(row) if row else None


def card(row: RowMapping) -> Card:
    """Read a card from a row with the columns of `predictions`, by name."""
    track = row["track"]
    values = {name: row[name] for name in NAMES if row[name] is not None}
    return Card(
        row["id"],
        Answer(
            track=Track(**{**track, "artists": tuple(track["artists"])}),
            features=AudioFeatures(values, row["source"]),
            prediction=Prediction(row["genres"], Verdict(row["verdict"]), tuple(row["missing"])),
            reasons=tuple(Reason(**reason) for reason in row["reasons"]),
            typical=row["typical"],
            model=ModelRef(row["model"], row["model_version"]),
        ),
    )


def _row(answer: Answer) -> dict[str, Any]:
    values = answer.features.values
    return {
        "track_key": answer.track.key,
        "track": asdict(answer.track),
        **{name: values.get(name) for name in NAMES},
        "source": answer.features.source,
        "model": answer.model.name,
        "model_version": answer.model.version,
        "genres": dict(answer.prediction.genres),
        "genre": answer.prediction.best,
        "verdict": answer.prediction.verdict,
        "missing": answer.prediction.missing,
        "reasons": [asdict(reason) for reason in answer.reasons],
        "typical": dict(answer.typical),
    }
