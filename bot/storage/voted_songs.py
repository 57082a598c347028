"""Songs that people voted on, with how many voted for which genre."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, and_, not_, select

from bot.domain.model_comparison import VotedSong
from bot.storage.database import Database
from bot.storage.learning_tables import feedback_votes
from model.errors import BadValue
from model.schema import MINIMUM_CORE, NAMES, YEAR, count_core, read_all

PUBLIC: Final = ("web", "public")
"""Platform and workspace of a public page."""

SOUND_KEY: Final = "sound:"
"""Prefix of the keys of sound files, among them those that people sent in chats."""


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
        statement = select(view.track, view.genre, view.about, *values).where(
            not_(view.track.startswith(SOUND_KEY))
        )
        if not public:
            platform, workspace = PUBLIC
            statement = statement.where(
                not_(and_(view.platform == platform, view.workspace == workspace))
            )
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
        if count_core(features) >= MINIMUM_CORE:
            year = row["about"].get(YEAR.name)
            known = {YEAR.name: float(year)} if year else {}
            yield VotedSong(
                _name(track, row["about"]), dict(votes[track].most_common()), features | known
            )


def _name(track: str, about: Mapping[str, Any]) -> str:
    """Return title and artists of a track; its key without a title."""
    title, artists = about.get("title"), ", ".join(about.get("artists") or ())
    return " — ".join(part for part in (title, artists) if part) if title else track
