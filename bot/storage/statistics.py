"""Statistics store."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Double, Select, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.filing import Agreement
from bot.domain.places import Place
from bot.domain.statistics import MAX_DISPUTED, MIN_VOTERS, DisputedSong, WorkspaceStats
from bot.storage.database import Database
from bot.storage.predictions import card
from bot.storage.tables import predictions, votes
from bot.storage.trainable_votes import is_sound
from model.schema import NAMES

MAX_CONFUSED: Final = 5
"""Pairs of predicted and voted genres that are returned."""

MAX_APART: Final = 5
"""Pairs of filed and predicted genres that are returned."""


class SqlStatsStore:
    """Implements the port `StatsStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, place: Place) -> WorkspaceStats:
        """Return the statistics of the workspace that contains `place`; raise StorageFailed.

        Genre and features of a track are those of its newest answer there. A vote is counted in
        the workspace where it was given, if it is the voter's vote that counts for the track.
        """
        async with self._database.read() as connection:
            means = (await connection.execute(_means(place))).mappings().one()
            genres = {row.genre: row.tracks for row in await connection.execute(_genres(place))}
            pairs = [tuple(row) for row in await connection.execute(_pairs(place))]
            filed = [tuple(row) for row in await connection.execute(_filed(place))]
            apart = [tuple(row) for row in await connection.execute(_apart(place))]
            disputed = await _disputed_songs(connection, place)
        return WorkspaceStats(
            answers=means["answers"],
            tracks=sum(genres.values()),
            votes=sum(count for _, _, count in pairs),
            agreed=sum(count for predicted, voted, count in pairs if predicted == voted),
            confused=tuple(pair for pair in pairs if pair[0] != pair[1])[:MAX_CONFUSED],
            genres=genres,
            features={name: means[name] for name in NAMES if means[name] is not None},
            filed={Agreement(name): tracks for name, tracks in filed},
            apart=tuple(apart),
            disputed=disputed,
        )


async def _disputed_songs(connection: AsyncConnection, place: Place) -> tuple[DisputedSong, ...]:
    """Return the songs of a workspace whose votes are split most."""
    keys = (await connection.scalars(_most_split(place))).all()
    if not keys:
        return ()
    newest = select(func.max(predictions.c.id)).where(_is_in(place))
    of_songs = newest.where(predictions.c.track_key.in_(keys)).group_by(predictions.c.track_key)
    answers = select(predictions).where(predictions.c.id.in_(of_songs))
    tracks = {
        row["track_key"]: card(row).answer.subject
        for row in (await connection.execute(answers)).mappings()
    }
    tallies: dict[str, dict[str, int]] = {}
    for row in await connection.execute(_by_track(place).where(votes.c.track_key.in_(keys))):
        tallies.setdefault(row.track_key, {})[row.genre] = row.voters
    return tuple(DisputedSong(tracks[key], tallies[key]) for key in keys)


def _by_track(place: Place) -> Select[Any]:
    """Select (track, genre, how many votes that count), the most frequent genre first.

    Files are left out: their names are their owners'.
    """
    voters = func.count()
    return (
        select(votes.c.track_key, votes.c.genre, voters.label("voters"))
        .join_from(votes, predictions, votes.c.prediction_id == predictions.c.id)
        .where(_is_in(place), votes.c.standing == 1, ~is_sound(votes.c.track_key))
        .group_by(votes.c.track_key, votes.c.genre)
        .order_by(voters.desc(), votes.c.genre)
    )


def _most_split(place: Place) -> Select[Any]:
    """Select tracks with votes for two genres, in the order of the first one's share."""
    counted = _by_track(place).order_by(None).subquery()
    voters, first = func.sum(counted.c.voters), func.max(counted.c.voters)
    return (
        select(counted.c.track_key)
        .group_by(counted.c.track_key)
        .having(func.count() > 1, voters >= MIN_VOTERS)
        .order_by(cast(first, Double) / cast(voters, Double), voters.desc(), counted.c.track_key)
        .limit(MAX_DISPUTED)
    )


def _means(place: Place) -> Select[Any]:
    answers = select(func.count()).select_from(predictions).where(_is_in(place))
    return select(
        answers.scalar_subquery().label("answers"),
        *(func.avg(predictions.c[name]).label(name) for name in NAMES),
    ).where(_is_newest(place))


def _genres(place: Place) -> Select[Any]:
    genre, tracks = predictions.c.genre, func.count()
    statement = select(genre, tracks.label("tracks")).where(_is_newest(place))
    return statement.group_by(genre).order_by(tracks.desc(), genre)


def _pairs(place: Place) -> Select[Any]:
    """Select (predicted, voted, how many votes that count), the most frequent first."""
    predicted, voted, count = predictions.c.genre, votes.c.genre, func.count()
    return (
        select(predicted, voted, count)
        .join_from(votes, predictions, votes.c.prediction_id == predictions.c.id)
        .where(_is_in(place), votes.c.standing == 1)
        .group_by(predicted, voted)
        .order_by(count.desc(), predicted, voted)
    )


def _filed(place: Place) -> Select[Any]:
    """Select (agreement, number of tracks) of the tracks with known filed genres."""
    agreement, tracks = predictions.c.agreement, func.count()
    known = agreement.in_([name for name in Agreement if name is not Agreement.UNKNOWN])
    statement = select(agreement, tracks).where(_is_newest(place), known)
    return statement.group_by(agreement).order_by(agreement)


def _apart(place: Place) -> Select[Any]:
    """Select (strongest filed genre, predicted genre, number of tracks) where they disagree."""
    answers = (
        select(
            predictions.c.filed_under["genres"][0].as_string().label("filed"),
            predictions.c.genre.label("predicted"),
        )
        .where(_is_newest(place), predictions.c.agreement == Agreement.DISAGREES)
        .subquery()
    )
    filed, predicted, tracks = answers.c.filed, answers.c.predicted, func.count()
    statement = select(filed, predicted, tracks).group_by(filed, predicted)
    return statement.order_by(tracks.desc(), filed, predicted).limit(MAX_APART)


def _is_newest(place: Place) -> ColumnElement[bool]:
    """Select the newest answer about each track."""
    newest = select(func.max(predictions.c.id)).where(_is_in(place))
    return predictions.c.id.in_(newest.group_by(predictions.c.track_key))


def _is_in(place: Place) -> ColumnElement[bool]:
    columns = predictions.c
    return and_(columns.platform == place.platform, columns.workspace == place.workspace)
