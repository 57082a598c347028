"""Songs that people voted on, with how many voted for which genre."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select

from bot.domain.model_comparison import VotedSong
from bot.storage.database import Database
from bot.storage.learning_tables import feedback_votes
from bot.storage.trainable_votes import can_train
from model.errors import BadValue
from model.schema import NAMES, YEAR, read_all


class SqlVotedSongs:
    """Implements the port `VotedSongs` on the view that retraining reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, *, public: bool) -> Sequence[VotedSong]:
        """Return the songs with features that people voted on, in the order of their names.

        With `public`, votes by visitors of a public page count, too. Raises StorageFailed.
        """
        view = feedback_votes.c
        values = (view[name] for name in NAMES)
        columns = view.track, view.genre, view.about, *values
        statement = select(*columns).where(*can_train(public=public))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return sorted(_songs(rows), key=lambda one: one.song)


def _songs(rows: Iterable[RowMapping]) -> Iterable[VotedSong]:
    """Yield the songs of votes; those that no model can classify are left out."""
    votes: dict[str, Counter[str]] = {}
    about: dict[str, RowMapping] = {}
    for row in rows:
        votes.setdefault(row["track"], Counter())[row["genre"]] += 1
        about[row["track"]] = row
    for track, row in about.items():
        try:
            features = read_all(row)
        except BadValue:
            continue
        year = row["about"].get(YEAR.name)
        known = {YEAR.name: float(year)} if year else {}
        yield VotedSong(
            _name(track, row["about"]), dict(votes[track].most_common()), features | known
        )


def _name(track: str, about: Mapping[str, Any]) -> str:
    """Return title and artists of a track; its key without a title."""
    title, artists = about.get("title"), ", ".join(about.get("artists") or ())
    return " — ".join(part for part in (title, artists) if part) if title else track
