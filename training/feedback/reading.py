"""Reads people's votes from the view `feedback_votes` of the bot's database.

Votes that cannot be used are left out one by one, and counted by reason: one damaged row does not
stop a training. The view has each person's vote that counts for a track once; hashes stand for
people.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import RowMapping, column, select, table

from model.errors import BadValue
from model.feedback import PAGE, PUBLIC, SOUND_KEY
from model.genres import WIDE
from model.schema import MINIMUM_CORE, NAMES, count_core, read_all
from training.errors import ChatLabelError
from training.feedback.database import read_rows
from training.feedback.votes import CastVote

VIEW_VERSION: Final = 1
"""The version of the view that this code reads."""

VIEW: Final = table(
    "feedback_votes",
    *(column(name) for name in ("view_version", "voter", "track", "about", "genre", "shown")),
    *(column(name) for name in ("platform", "workspace", "at", *NAMES)),
)

CLOCK_TOLERANCE: Final = timedelta(hours=1)
"""How far the clocks of two computers may differ; later votes come from a clock that jumped."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Votes that must not train, so that the next model has not learnt from them.

    Attributes:
        voters: Hashes of people.
        workspaces: Servers or workspaces, as `PLATFORM:ID`.
        since: Start of a period whose votes are left out; None without a start.
        until: Its end, which is not part of it; None without an end. Without both there is no
            period.
    """

    voters: frozenset[str] = frozenset()
    workspaces: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def contains(self, voter: str, workspace: str, at: datetime) -> bool:
        """Return whether a vote of a person, in `PLATFORM:ID`, at a time is to be left out."""
        if voter in self.voters or workspace in self.workspaces:
            return True
        return self.has_period and self.in_period(at)

    @property
    def has_period(self) -> bool:
        """Whether there is a period."""
        return self.since is not None or self.until is not None

    def in_period(self, at: datetime) -> bool:
        """Return whether a time is in the period."""
        started = self.since is None or at >= self.since
        return started and (self.until is None or at < self.until)


NOTHING: Final = Exclusion()


@dataclass(frozen=True, slots=True)
class VotesRead:
    """The votes in a database.

    Attributes:
        votes: Those that can be used, ordered by time, track and voter.
        left_out: Number of those that are left out, by the reason as a clause.
        newest: Time of the newest vote that was looked at, used or not; None without one. Votes
            that are excluded, of a public page that does not train, or of the future are not
            looked at.
        not_found: A sentence for each person, server and period of the exclusion that has no vote.
    """

    votes: tuple[CastVote, ...]
    left_out: Mapping[str, int]
    newest: datetime | None = None
    not_found: tuple[str, ...] = ()


def read_votes(
    address: str, exclusion: Exclusion = NOTHING, *, public: bool = False
) -> list[CastVote]:
    """Return the votes for songs that can be trained on; see `read`."""
    return list(read(address, exclusion, public=public).votes)


def read(
    address: str | None,
    exclusion: Exclusion = NOTHING,
    *,
    public: bool = False,
    sounds: bool = False,
    now: datetime | None = None,
) -> VotesRead:
    """Read the votes in the bot's database.

    Args:
        address: SQLAlchemy URL of the database, or the absolute path of an SQLite file; None for
            one that does not exist yet.
        exclusion: Votes to leave out.
        public: Whether votes by visitors of a public page are read.
        sounds: Whether votes on sound files and on songs without features are read.
        now: The time; later votes are left out.

    Raises:
        ChatLabelError: The database or view cannot be read, or the view has another version.
    """
    latest = (now or datetime.now(UTC)) + CLOCK_TOLERANCE
    reader = _RowReader(sounds=sounds)
    votes: list[CastVote] = []
    left_out = Counter[str]()
    named = _Named(exclusion)
    newest: datetime | None = None
    for row in read_rows(address, select(VIEW)) if address else ():
        _check_version(row)
        named.look_at(row)
        try:
            at = _checked_time(row, exclusion, latest, public=public)
            newest = max(newest or at, at)
            votes.append(reader.read(row, at))
        except _Unusable as error:
            left_out[str(error)] += 1
    votes.sort(key=lambda vote: (vote.at, vote.track, vote.voter))
    return VotesRead(tuple(votes), dict(sorted(left_out.items())), newest, named.without_votes())


class _Named:
    """People, servers and period of an exclusion that no vote was seen of."""

    def __init__(self, exclusion: Exclusion) -> None:
        self._exclusion = exclusion
        self._voters = set(exclusion.voters)
        self._workspaces = set(exclusion.workspaces)
        self._period = exclusion.has_period

    def look_at(self, row: RowMapping) -> None:
        """Note the vote in a row, also if it is left out for another reason."""
        self._voters.discard(row["voter"])
        self._workspaces.discard(f"{row['platform']}:{row['workspace']}")
        if self._period and (at := _time(row["at"])):
            self._period = not self._exclusion.in_period(at)

    def without_votes(self) -> tuple[str, ...]:
        """Return a sentence for each that no vote was seen of."""
        return (
            *(
                f"there is no vote by {voter!r}: `soundslike voter` prints a person's hash, and "
                "--from-base unlearns votes that were deleted"
                for voter in sorted(self._voters)
            ),
            *(f"there is no vote from {workspace!r}" for workspace in sorted(self._workspaces)),
            *(("there is no vote in the time to leave out",) if self._period else ()),
        )


def _check_version(row: RowMapping) -> None:
    if row["view_version"] != VIEW_VERSION:
        raise ChatLabelError(
            f"the view feedback_votes has version {row['view_version']}; "
            f"this code reads version {VIEW_VERSION}"
        )


class _Unusable(Exception):
    """A vote is left out; the message is the reason as a clause."""


def _checked_time(
    row: RowMapping, exclusion: Exclusion, latest: datetime, *, public: bool
) -> datetime:
    """Return the time of a vote; raise _Unusable for one that must not train."""
    if not public and (row["platform"], row["workspace"]) == (PAGE, PUBLIC):
        raise _Unusable("they were cast on a public page")
    at = _time(row["at"])
    if at is None:
        raise _Unusable("their time cannot be read")
    if exclusion.contains(row["voter"], f"{row['platform']}:{row['workspace']}", at):
        raise _Unusable("they are excluded")
    if at > latest:
        raise _Unusable("their time is in the future")
    return at


class _RowReader:
    """Converts rows of the view; equal values of a track are converted once."""

    def __init__(self, *, sounds: bool) -> None:
        self._sounds = sounds
        self._features = cache(_features)
        self._names = cache(_names_in)

    def read(self, row: RowMapping, at: datetime) -> CastVote:
        """Return the vote in a row, whose time is `at`; raise _Unusable."""
        if row["genre"] not in WIDE:
            raise _Unusable("their genre is not one of the model's")
        if not self._sounds and row["track"].startswith(SOUND_KEY):
            raise _Unusable("they are on sound files")
        features = self._features(*(row[name] for name in NAMES))
        if features is None:
            raise _Unusable("a feature has an impossible value")
        if not self._sounds and count_core(features) < MINIMUM_CORE:
            raise _Unusable("too few features of the track are known")
        about = row["about"]  # PostgreSQL's driver decodes JSON
        names = self._names(about) if isinstance(about, str) else _names(about)
        if names is None:
            raise _Unusable("what is stored of the track cannot be read")
        title, artists = names
        return CastVote(
            voter=row["voter"],
            track=row["track"],
            title=title,
            artists=artists,
            genre=row["genre"],
            shown=row["shown"],
            platform=row["platform"],
            workspace=row["workspace"],
            at=at,
            features=features,
        )


def _features(*values: object) -> dict[str, float] | None:
    """Return the features that were measured; None if one has an impossible value."""
    try:
        return read_all(dict(zip(NAMES, values, strict=True)))
    except BadValue:
        return None


def _names_in(about: str) -> tuple[str, tuple[str, ...]] | None:
    """Return title and artists in a JSON text; None if it cannot be read."""
    try:
        return _names(json.loads(about))
    except (ValueError, RecursionError):
        return None


def _names(about: Any) -> tuple[str, tuple[str, ...]] | None:
    """Return title and artists of a track as it is stored; None if it is not of that form."""
    if not isinstance(about, Mapping):
        return None
    title, artists = about.get("title") or "", about.get("artists") or []
    if not isinstance(title, str) or not isinstance(artists, list):
        return None
    if not all(isinstance(artist, str) for artist in artists):
        return None
    return _encodable(title), tuple(_encodable(artist) for artist in artists)


def _encodable(text: str) -> str:
    """Return a text without lone surrogates: JSON can escape them, UTF-8 has none."""
    return text.encode(errors="ignore").decode()


def _time(value: object) -> datetime | None:
    """Return a time in UTC; SQLite has it as a text without a zone."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
