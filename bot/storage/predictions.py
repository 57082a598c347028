"""Prediction store: one row for each answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Table, insert, select

from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.filing import FiledUnder
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.domain.tracks import AudioFeatures, Subject, Track
from bot.storage.database import Database
from bot.storage.tables import predictions
from model.classifier import Prediction
from model.reasons import Reason
from model.schema import NAMES
from model.sound.heard import Heard
from model.subgenres import Subgenre
from model.verdicts import Verdict

MAX_ID: Final = 2**31 - 1
"""Highest id that every database accepts."""

BY_NUMBERS: Final = "by_numbers"
"""What the features alone say, if the sound changed it: kept beside what was heard."""


class SqlPredictionStore:
    """Implements the port `PredictionStore`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be sent to `place`; raise StorageFailed."""
        row = {**_row(answer), **asdict(place), "at": self._now()}
        statement = insert(predictions).values(row).returning(predictions.c.id)
        ((card_id,),) = await self._database.execute(statement)
        return Card(card_id, answer)

    async def get(self, card_id: int, place: Place | None = None) -> Card | None:
        """Return a stored answer; with `place`, only one sent there; raise StorageFailed."""
        if card_id > MAX_ID:
            return None
        statement = select(predictions).where(
            predictions.c.id == card_id, *is_in(predictions, place)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
            return card(row) if row else None

    async def latest(self, track_key: str, place: Place) -> Card | None:
        """Return the newest answer about a track in a place; raise StorageFailed."""
        return next(iter(await self.newest(track_key, place, 1)), None)

    async def newest(self, track_key: str, place: Place, limit: int) -> Sequence[Card]:
        """Return the newest answers about a track in a place, the newest first.

        Raises StorageFailed.
        """
        statement = (
            select(predictions)
            .where(predictions.c.track_key == track_key, *is_in(predictions, place))
            .order_by(predictions.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [card(row) for row in (await connection.execute(statement)).mappings()]


def is_in(table: Table, place: Place | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on rows of a table that are of a place; none for None."""
    for name, value in asdict(place).items() if place else ():
        yield table.c[name] == value


def card(row: RowMapping) -> Card:
    """Return the card in a row with the columns of `predictions`."""
    values = {name: row[name] for name in NAMES if row[name] is not None}
    sources = row["feature_sources"] or dict.fromkeys(values, row["source"])
    return Card(
        row["id"],
        Answer(
            subject=_subject(row["track"]),
            features=AudioFeatures(values, sources),
            prediction=Prediction(
                row["genres"],
                Verdict(row["verdict"]),
                tuple(row["missing"]),
                year_counted=bool(row["year_counted"]),
                prior=row["prior"],
            ),
            reasons=tuple(Reason(**reason) for reason in row["reasons"]),
            typical=row["typical"],
            model=ModelRef(row["model"], row["model_version"]),
            subgenre=Subgenre(**row["subgenre"]) if row["subgenre"] else None,
            filed_under=_filed_under(row["filed_under"]),
            heard=Heard.from_dict(row["heard"]) if row["heard"] else None,
            by_numbers=tuple((row["heard"] or {}).get(BY_NUMBERS, ())),
            own_labels=_descending(row["own_labels"] or {}),
        ),
    )


def _subject(stored: Mapping[str, Any]) -> Subject:
    """Read a subject; rows written before revision 0004 have no kind, and `id` for Spotify's id."""
    fields = {name: value for name, value in stored.items() if name != "kind"}
    if "id" in fields:
        fields["spotify_id"] = fields.pop("id")
    return Track(**{**fields, "artists": tuple(fields["artists"])})


def _filed_under(stored: Mapping[str, Any] | None) -> FiledUnder | None:
    return FiledUnder(tuple(stored["genres"]), stored["source"]) if stored else None


def _descending(fits: Mapping[str, float]) -> dict[str, float]:
    """Return stored fits in their order, as a database may sort the names of a JSON object."""
    return dict(sorted(fits.items(), key=lambda fit: -fit[1]))


def _heard(answer: Answer) -> dict[str, Any] | None:
    if answer.heard is None:
        return None
    by_numbers = {BY_NUMBERS: list(answer.by_numbers)} if answer.by_numbers else {}
    return {**answer.heard.to_dict(), **by_numbers}


def _row(answer: Answer) -> dict[str, Any]:
    values = answer.features.values
    return {
        "track_key": answer.subject.key,
        "track": {"kind": answer.subject.kind, **asdict(answer.subject)},
        **{name: values.get(name) for name in NAMES},
        "source": answer.features.source,
        "feature_sources": dict(answer.features.sources),
        "model": answer.model.name,
        "model_version": answer.model.version,
        "genres": dict(answer.prediction.genres),
        "genre": answer.prediction.best,
        "verdict": answer.prediction.verdict,
        "subgenre": asdict(answer.subgenre) if answer.subgenre else None,
        "year_counted": answer.prediction.year_counted,
        "prior": answer.prediction.prior,
        "filed_under": asdict(answer.filed_under) if answer.filed_under else None,
        "agreement": answer.agreement,
        "heard": _heard(answer),
        "own_labels": dict(answer.own_labels) or None,
        "missing": answer.prediction.missing,
        "reasons": [asdict(reason) for reason in answer.reasons],
        "typical": dict(answer.typical),
    }
