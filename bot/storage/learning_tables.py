"""Tables and a view of the learning loop; those of answers and votes are in `tables`."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    column,
    table,
)

from bot.storage.tables import metadata
from model.schema import NAMES

leases: Final = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""Work that one process at a time does, such as `retraining`; free after `until`."""

served_models: Final = Table(
    "served_models",
    metadata,
    Column("process", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What each running process serves: its default model, and that model's answer to a known song."""

shadow_answers: Final = Table(
    "shadow_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prediction_id", ForeignKey("predictions.id"), nullable=False),
    Column("model", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("genre", Text, nullable=False),
    Column("genres", JSON, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("prediction_id", "model", "version", name="one_shadow_answer"),
    Index("shadow_answers_of_version", "model", "version"),
)
"""What a candidate would have answered; `genre` is the first of `genres`, as in `predictions`."""

training_runs: Final = Table(
    "training_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Text),
    Column("reasons", JSON, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("announced", Boolean, nullable=False),
    Index("training_runs_by_time", "model", "started_at"),
)
"""Trainings by the bot. `state` is one of `TrainingState`, `cause` one of `Cause`.

`announced` is whether the owner's channel needs no message any more. A row with the state `watched`
is no training: it says since when times of RETRAIN_AT may be missed.
"""

learned_notices: Final = Table(
    "learned_notices",
    metadata,
    Column("user_hash", Text, primary_key=True),
    Column("track_key", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""People who were informed that a song they corrected is now answered their way."""

own_labels: Final = Table(
    "own_labels",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("platform", "workspace", "folded", name="one_label_of_a_name"),
)
"""Labels that the managers of a workspace named; `folded` is the name without its case."""

own_label_examples: Final = Table(
    "own_label_examples",
    metadata,
    Column("label_id", ForeignKey("own_labels.id"), primary_key=True),
    Column("track_key", Text, primary_key=True),
    Column("song", Text, nullable=False),
    *(Column(name, Double) for name in NAMES),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Songs by which the labels are taught; `song` is title and artists."""

FEEDBACK_VOTES_VERSION: Final = 1
"""Version of the view `feedback_votes`, contained in each of its rows; see `VIEW_VERSION`."""

feedback_votes: Final = table(
    "feedback_votes",
    column("view_version", Integer),
    column("voter", Text),
    column("track", Text),
    column("about", JSON),
    column("genre", Text),
    column("shown", Text),
    column("platform", Text),
    column("workspace", Text),
    column("at", DateTime(timezone=True)),
    *(column(name, Double) for name in NAMES),
)
"""View that retraining reads; one row for each person's vote that counts for a track.

- `view_version`: FEEDBACK_VOTES_VERSION; readers refuse unknown versions.
- `voter`: keyed hash of the person.
- `track`: `Track.key`; `about`: the track as JSON, with `title` and `artists`, as a card stored it.
- `genre`: the genre that the person voted for, as in `model.genres`.
- `shown`: the genre that the card predicted on which they voted.
- `platform`, `workspace`: where they voted.
- `at`: when.
- the twelve features of `model.schema`, by name, as in `feedback_labels`.
"""
