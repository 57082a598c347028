"""Two versions of models, compared by their figures and by their answers to known songs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from model.gate_report import Disagreement, GateReport, GenreChange
from model.lifecycle import VersionEntry

SongSource = Literal["songs", "votes"]
"""Where a song comes from: the built-in songs, or songs that people voted on."""


@dataclass(frozen=True, slots=True)
class VotedSong:
    """A song that people voted on.

    Attributes:
        song: Title and artists; the track's key if they are unknown.
        votes: Number of people who voted for each genre.
        features: Values of its features by name; those unknown are missing.
    """

    song: str
    votes: Mapping[str, int]
    features: Mapping[str, float]

    @property
    def truth(self) -> str:
        """The genre that most people voted for; "" in a tie."""
        most = max(self.votes.values(), default=0)
        first = [genre for genre, count in self.votes.items() if count == most]
        return first[0] if len(first) == 1 else ""


class VotedSongs(Protocol):
    """Reads the songs that people voted on."""

    async def all(self, *, public: bool) -> Sequence[VotedSong]:
        """Return the songs with features that people voted on, in the order of their names.

        With `public`, votes by visitors of a public page count, too. Raises StorageFailed.
        """


@dataclass(frozen=True, slots=True)
class KnownSong:
    """A song to ask both versions about; `truth` is its genre, "" if it is not known."""

    source: SongSource
    song: str
    truth: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ChangedSong:
    """A song that the versions answer differently.

    Attributes:
        source: Where it comes from.
        song: Title and artists.
        truth: Its genre; "" if it is not known.
        a: The first genre by version A.
        b: The first genre by version B.
    """

    source: SongSource
    song: str
    truth: str
    a: str
    b: str

    @property
    def gained(self) -> bool:
        """Whether B is right and A was wrong."""
        return self.truth == self.b

    @property
    def lost(self) -> bool:
        """Whether B is wrong and A was right."""
        return self.truth == self.a


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """What changes from version A to version B.

    Attributes:
        a: Version A.
        b: Version B.
        metrics: Main figures of both by name, A first; None where a version has none.
        compared: Number of songs that both answered, by where they come from.
        genres: What happened to each genre on these songs, and on the gate's frozen songs if it
            compared B with A; "before" is A.
        songs: Songs that they answer differently: those that B gets wrong first, then those that
            it gets right.
        report: The gate's report on B; None without one.
    """

    a: VersionEntry
    b: VersionEntry
    metrics: Mapping[str, tuple[float | None, float | None]]
    compared: Mapping[SongSource, int]
    genres: tuple[GenreChange, ...]
    songs: tuple[ChangedSong, ...]
    report: GateReport | None

    @property
    def gated(self) -> bool:
        """Whether the gate's report is about B compared with A."""
        return self.report is not None and self.report.active == self.a.version

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Training items of B that it disagrees with most."""
        return self.report.disagreements if self.report else ()
