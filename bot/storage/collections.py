"""Summary store: one row for each summary of an album, playlist or artist."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select

from bot.domain.cards import ModelRef
from bot.domain.collections import CollectionSummary, CollectionTrack
from bot.domain.places import Place
from bot.domain.ports import Now
from bot.domain.replies import Summary
from bot.domain.tracks import SubjectRef, Track
from bot.storage.database import Database
from bot.storage.predictions import MAX_ID, is_in
from bot.storage.tables import collections


class SqlSummaryStore:
    """Implements the port `SummaryStore`."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now

    async def add(self, answer: CollectionSummary, place: Place) -> Summary:
        """Store a summary that is about to be sent to `place`; raise StorageFailed."""
        row = {
            "ref": str(answer.ref),
            "summary": _stored(answer),
            **asdict(place),
            "at": self._now(),
        }
        statement = insert(collections).values(row).returning(collections.c.id)
        ((summary_id,),) = await self._database.execute(statement)
        return Summary(summary_id, answer)

    async def get(self, summary_id: int, place: Place | None = None) -> Summary | None:
        """Return a stored summary; with `place`, only one sent there; raise StorageFailed."""
        if summary_id > MAX_ID:
            return None
        columns = (collections.c.ref, collections.c.summary)
        statement = select(*columns).where(
            collections.c.id == summary_id, *is_in(collections, place)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).first()
            return Summary(summary_id, _read(row.ref, row.summary)) if row else None

    async def get_all(self, summary_ids: Sequence[int], place: Place) -> Mapping[int, Summary]:
        """Return those of several summaries that were sent to `place`, by their ids.

        Raises StorageFailed.
        """
        known = [summary_id for summary_id in summary_ids if summary_id <= MAX_ID]
        columns = (collections.c.id, collections.c.ref, collections.c.summary)
        statement = select(*columns).where(collections.c.id.in_(known), *is_in(collections, place))
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            return {row.id: Summary(row.id, _read(row.ref, row.summary)) for row in rows}


def _stored(answer: CollectionSummary) -> dict[str, Any]:
    """Return a summary as JSON; the most typical and the oddest track as numbers."""
    numbers = {
        name: track.number if track else None
        for name, track in (("most_typical", answer.most_typical), ("oddest", answer.oddest))
    }
    fields = asdict(answer) | numbers
    del fields["ref"]  # a column of its own
    return fields


def _read(ref: str, stored: Mapping[str, Any]) -> CollectionSummary:
    tracks = {one["number"]: _track(one) for one in stored["tracks"]}
    read = {
        "ref": SubjectRef.parse(ref),
        "artists": tuple(stored["artists"]),
        "tracks": tuple(tracks.values()),
        "most_typical": tracks.get(stored["most_typical"]),
        "oddest": tracks.get(stored["oddest"]),
        "sources": tuple(stored["sources"]),
        "model": ModelRef(**stored["model"]),
    }
    return CollectionSummary(**{**stored, **read})


def _track(stored: Mapping[str, Any]) -> CollectionTrack:
    track = stored["track"]
    return CollectionTrack(
        **{**stored, "track": Track(**{**track, "artists": tuple(track["artists"])})}
    )
