"""The tables and views as queries name them. `migrations/` makes them; a test compares the two."""

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
    MetaData,
    Table,
    Text,
    column,
    table,
)

from model.schema import NAMES

REVISION: Final = "0004"
"""The newest migration. Kept here so that a start without one need not import Alembic."""

VIEW_VERSION: Final = 1
"""The version of the view `feedback_labels`, which also stands in each of its rows.

It grows when a column goes or changes its meaning; a new column alone does not change it.
"""

metadata: Final = MetaData()

predictions: Final = Table(
    "predictions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("track_key", Text, nullable=False),
    Column("track", JSON, nullable=False),
    *(Column(name, Double) for name in NAMES),
    Column("source", Text, nullable=False),
    Column("feature_sources", JSON),
    Column("model", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("genres", JSON, nullable=False),
    Column("genre", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("missing", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("typical", JSON, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("predictions_of_track", "track_key", "id"),
    Index("predictions_of_workspace", "platform", "workspace", "track_key", "id"),
)
"""Answers. `track_key` is `Track.key`; `genres` maps genre to probability, in falling order.

`genre` is the predicted genre, the first of `genres`.
"""

messages: Final = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("prediction_id", ForeignKey("predictions.id")),
    Column("source_id", Text),
    Column("asker_hash", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("one_card_a_message", "platform", "workspace", "channel", "message_id", unique=True),
    Index("messages_of_place", "platform", "workspace", "channel", "id"),
    Index("messages_by_time", "platform", "workspace", "channel", "at", "id"),
    Index("messages_of_asker", "asker_hash"),
    Index("messages_of_source", "platform", "workspace", "channel", "source_id"),
)
"""The bot's own messages.

Each answers the message or command `source_id` in the same place, and shows a card or, without
`prediction_id`, only a sentence. `asker_hash` is empty once its owner asked to be forgotten.
"""

feedback: Final = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prediction_id", ForeignKey("predictions.id"), nullable=False),
    Column("user_hash", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("genre", Text, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("feedback_of_user", "user_hash", "prediction_id"),
    Index("feedback_of_prediction", "prediction_id"),
)
"""Votes and their being taken back, as they came; rows are only ever appended, or forgotten.

(prediction_id, user_hash, kind, genre) names a vote; the order of `id` is the order of events.
"""

seen_events: Final = Table(
    "seen_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("seen_events_by_age", "at"),
)
"""Deliveries that were handled."""

channel_settings: Final = Table(
    "channel_settings",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("mode", Text),
    Column("reactions", Boolean),
    Column("model", Text),
)
"""How the bot behaves where; an empty `channel` stands for the whole workspace.

What is empty in a channel's row is as in the workspace's, and there as by default.
"""

vault: Final = Table(
    "vault",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Secrets, as `seal.Seal` closes them."""

votes: Final = table(
    "votes",
    column("id", Integer),
    column("prediction_id", Integer),
    column("track_key", Text),
    column("user_hash", Text),
    column("kind", Text),
    column("genre", Text),
    column("standing", Integer),
)
"""View: the votes that were not taken back.

`standing` ranks a person's votes for a track, the latest added first. The one vote that counts, for
this person and track, is that of standing 1.
"""

feedback_labels: Final = table(
    "feedback_labels",
    column("view_version", Integer),
    column("track", Text),
    column("genre", Text),
    column("voters", Integer),
    column("all_voters", Integer),
    *(column(name, Double) for name in NAMES),
    column("changed_at", DateTime(timezone=True)),
)
"""View: all that training reads of the votes; one row for each track and genre voted for.

- `view_version`: VIEW_VERSION; a reader refuses one that it does not know.
- `track`: `Track.key`, Spotify's id where there is one.
- `genre`: as in `model.genres`.
- `voters`: people whose vote for this track counts for this genre, at least 1.
- `all_voters`: people whose vote for this track counts at all.
- the twelve features of `model.schema`, by name, empty where unknown: those of the track's newest
  answer, all from one source.
- `changed_at`: when a vote for this track last changed, in UTC. A deletion leaves no such trace, so
  a reader takes the whole view each time.
"""
