"""Interfaces that the services need from the outside; adapters implement them structurally."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.cards import Answer, Card
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.collections import CollectionSummary
from bot.domain.jobs import GatewaySession, Job, Payload, PlannedReply, StoredJob
from bot.domain.places import Place
from bot.domain.replies import Summary
from bot.domain.statistics import WorkspaceStats
from bot.domain.votes import Ballot, Forgotten, VoteChange
from model.bundle import Lineage
from model.classifier import Prediction
from model.gate_report import GateReport
from model.reasons import Reason
from model.subgenres import Subgenre
from model.verdicts import Verdict

Now = Callable[[], datetime]
"""Clock; returns an aware datetime in UTC."""

HashUser = Callable[[Place, str], str]
"""Returns the keyed hash of a platform's user id, under which a person's data is stored."""

DecideChanges = Callable[[Ballot], Iterable[VoteChange]]
"""Returns the changes to make to a ballot; see `bot.domain.votes`."""


class Classifier(Protocol):
    """A loaded model. Calls take well under a millisecond and may run on the event loop."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def version(self) -> str:
        """The model's version."""

    @property
    def lineage(self) -> Lineage | None:
        """Where it comes from; None for a model that was fitted on tables alone."""

    @property
    def report(self) -> GateReport | None:
        """What the gate found on it; None if it was not judged.

        Raises `model.errors.BundleInvalid` if the report cannot be read.
        """

    @property
    def features(self) -> Sequence[str]:
        """Names of the inputs that the model takes."""

    def predict(self, values: Mapping[str, float]) -> Prediction:
        """Classify one song; raise `model.errors.TooFewFeatures` for too few values.

        `values` holds the features that are known, and the year.
        """

    def best_genres(
        self, values: Mapping[str, float], grids: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Sequence[str]]:
        """Return the best genre for each value of each feature in `grids`, the others unchanged.

        A thousand songs take 4 ms, most of it without the interpreter's lock: call it in a thread.
        """

    def verdict(self, genres: Mapping[str, float]) -> Verdict:
        """Return the verdict on a prediction with these probabilities, in descending order."""

    def explain(self, values: Mapping[str, float], prediction: Prediction) -> tuple[Reason, ...]:
        """Return the features that speak for a prediction's best genre rather than for the next.

        The strongest is first; there may be none.
        """

    def subgenre(self, values: Mapping[str, float], genre: str) -> Subgenre | None:
        """Return the sub-genre of `genre` that the song probably is of, if the model is sure.

        Raises `model.errors.BundleInvalid`.
        """

    def typical(self, genre: str) -> Mapping[str, float]:
        """Return the features of the genre's typical song; raise KeyError for an unknown genre."""


class ModelRegistry(Protocol):
    """The models that can answer."""

    @property
    def names(self) -> Sequence[str]:
        """Names of the available models."""

    async def get(self, name: str | None = None) -> Classifier:
        """Return a loaded model, the default one for None; raise ModelUnusable."""


class PredictionStore(Protocol):
    """Stores answers. Methods raise StorageFailed."""

    async def add(self, answer: Answer, place: Place) -> Card:
        """Store an answer that is about to be sent to `place`."""

    async def get(self, card_id: int, place: Place | None = None) -> Card | None:
        """Return a stored answer; with `place`, only one that was sent there."""

    async def latest(self, track_key: str, place: Place) -> Card | None:
        """Return the newest answer about a track in a place."""

    async def newest(self, track_key: str, place: Place, limit: int) -> Sequence[Card]:
        """Return the newest answers about a track in a place, the newest first."""


class SummaryStore(Protocol):
    """Stores summaries of collections. Methods raise StorageFailed."""

    async def add(self, answer: CollectionSummary, place: Place) -> Summary:
        """Store a summary that is about to be sent to `place`."""

    async def get(self, summary_id: int, place: Place | None = None) -> Summary | None:
        """Return a stored summary; with `place`, only one that was sent there."""

    async def get_all(self, summary_ids: Sequence[int], place: Place) -> Mapping[int, Summary]:
        """Return those of several summaries that were sent to `place`, by their ids."""


class VoteStore(Protocol):
    """Stores votes under keyed hashes of the voters. Methods raise StorageFailed."""

    async def change(
        self, card_id: int, user: str, decide: DecideChanges, event_id: str | None = None
    ) -> Ballot:
        """Read a ballot, store the changes that `decide` returns, and return the new ballot.

        All in one transaction. Nothing changes when `event_id` was stored before.
        """

    async def ballot(self, card_id: int, user: str) -> Ballot:
        """Return the ballot of `user` for the track of a card."""

    async def ballots_of(self, track_keys: Sequence[str], user: str) -> Mapping[str, Ballot]:
        """Return the ballots of `user` by track; those without a selection are left out."""

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes given on a card that count for their voters, by genre, descending."""

    async def tally_of(self, track_key: str, place: Place) -> Mapping[str, int]:
        """Count those given on any card of a track in a place, the same way."""

    async def tallies_of(
        self, track_keys: Sequence[str], place: Place
    ) -> Mapping[str, Mapping[str, int]]:
        """Return `tally_of` of each track; those without votes are left out."""

    async def forget(self, user: str, account: str = "") -> Forgotten:
        """Delete all votes and notices of `user`, their hash on messages, content of their files.

        In the same transaction, jobs are stored that update the messages which display the votes
        (see `bot.domain.marks`). `account` is the platform's id of the person, for these jobs.
        """


class EventLog(Protocol):
    """Stores which deliveries were handled, across restarts. Methods raise StorageFailed."""

    async def first_time(self, event_id: str) -> bool:
        """Store an event id; return False if it was stored before."""

    async def known(self, event_id: str) -> bool:
        """Return whether an event id is stored."""


class Inbox(Protocol):
    """Stores jobs until they are worked off. Methods raise StorageFailed.

    An owner is a process; a job belongs to one until its lease ends, and is then free.
    """

    async def add(
        self, jobs: Sequence[Job], owner: str, lease: timedelta
    ) -> Sequence[StoredJob | None]:
        """Store jobs in one transaction; None for each that was delivered before."""

    async def claim(
        self, platform: str, owner: str, lease: timedelta, limit: int
    ) -> Sequence[StoredJob]:
        """Take free jobs: the oldest of each workspace, then the second oldest, and so on."""

    async def renew(self, owner: str, job_ids: Sequence[int], lease: timedelta) -> Sequence[int]:
        """Extend the lease of an owner's jobs; return the ids of those that are still its own."""

    async def disown(
        self, owner: str, job_ids: Sequence[int] | None = None, *, counted: bool = False
    ) -> int:
        """Free an owner's jobs, or those that are named; return how many.

        With `counted` the attempt counts: a job is given up after several of them.
        """

    async def plan(self, stored: StoredJob, replies: Sequence[PlannedReply]) -> bool:
        """Store the replies that are about to be sent; False if another owner has the job."""

    async def finish(self, job_ids: Sequence[int]) -> None:
        """Delete jobs, in one transaction."""

    async def earlier(self, stored: StoredJob) -> Sequence[StoredJob]:
        """Return the messages and edits before a job in its order; without owner if none has it."""

    async def amend(self, stored: StoredJob, payload: Payload | None) -> bool:
        """Replace a job's payload, or delete it without one; False if the owner has changed."""

    async def park(self, job_id: int) -> None:
        """Let a job wait until it is released."""

    async def parked(self, place: Place) -> int:
        """Count the jobs of a place that wait for their release."""

    async def release(self, place: Place) -> int:
        """Free the waiting jobs of a place; return how many."""

    async def is_sending(self, place: Place) -> bool:
        """Return whether replies in a place are planned and perhaps not yet recorded as sent."""

    async def parked_places(self, platform: str) -> Sequence[Place]:
        """Return the places with jobs that wait for their release."""

    async def expire(self, platform: str, before: datetime) -> int:
        """Delete what a platform's people need no answer to any more; return how many jobs.

        These are messages and commands accepted before a moment, and what waits for a release.
        """

    async def backlog(self) -> int:
        """Count the jobs that are neither finished nor waiting for a release."""


class GatewaySessionStore(Protocol):
    """Stores how far the events of a chat's stream are stored. Methods raise StorageFailed."""

    async def save(self, platform: str, session: GatewaySession) -> None:
        """Store a session, replacing the one of the same shard."""

    async def load(self, platform: str) -> Sequence[GatewaySession]:
        """Return the latest session of each shard that is younger than a day."""


class SettingsStore(Protocol):
    """Stores settings of channels and workspaces. Methods raise StorageFailed.

    A place with an empty channel stands for its workspace.
    """

    async def get(self, place: Place) -> ChannelSettings:
        """Return each setting of a place: its own, else its workspace's, else the default."""

    async def put(self, place: Place, change: SettingsChange) -> None:
        """Set the values that a change names."""

    async def clear(self, place: Place) -> None:
        """Delete the settings of a channel, or those of a workspace and all its channels."""


class StatsStore(Protocol):
    """Computes statistics. Raises StorageFailed."""

    async def of(self, place: Place) -> WorkspaceStats:
        """Return the statistics of the workspace that contains `place`, without `learning`."""


class Vault(Protocol):
    """Stores secrets encrypted. Methods raise StorageFailed."""

    async def put(self, name: str, secret: str) -> None:
        """Store a secret under a name, replacing an earlier one."""

    async def get(self, name: str) -> str | None:
        """Return a secret; None if there is none or it was encrypted with another key."""

    async def delete(self, name: str) -> None:
        """Delete a secret."""
