"""Tables and views for queries; `migrations/` creates them, and a test compares the two."""

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
    false,
    table,
)

from model.schema import NAMES

REVISION: Final = "0014"
"""Latest migration; known here so that a start without a migration need not import Alembic."""

VIEW_VERSION: Final = 1
"""Version of the view `feedback_labels`, contained in each of its rows.

Incremented when a column is removed or changes its meaning, not when one is added.
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
    Column("subgenre", JSON(none_as_null=True)),
    Column("year_counted", Boolean),
    Column("prior", Text),
    Column("filed_under", JSON(none_as_null=True)),
    Column("agreement", Text),
    Column("heard", JSON(none_as_null=True)),
    Column("own_labels", JSON(none_as_null=True)),
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
"""Answers. `track_key` is `Track.key`; `genres` maps genre to probability, descending.

`genre` is the predicted genre, the first of `genres`. `source` is the source of most features,
`feature_sources` maps each feature to its source; NULL in rows written before revision 0004.
`subgenre`, `year_counted` and `prior` are NULL in rows written before revision 0005, and `subgenre`
and `prior` in those without one. `filed_under` is NULL where no source knows the genres under which
the track is filed, `agreement` in rows written before revision 0009. `heard` is what was heard in a
sound, NULL without one: for a file that was dropped in a chat it has neither tags nor embedding,
and its `track` no name. `own_labels` maps labels of the workspace to how well the track fits, 0-1;
NULL where the workspace has none.
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
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Index("messages_of_prediction", "prediction_id"),
    Index("one_card_a_message", "platform", "workspace", "channel", "message_id", unique=True),
    Index("messages_of_place", "platform", "workspace", "channel", "id"),
    Index("messages_by_time", "platform", "workspace", "channel", "at", "id"),
    Index("messages_of_asker", "asker_hash"),
    Index("messages_to_asker", "platform", "workspace", "channel", "asker_hash", "id"),
    Index("messages_of_source", "platform", "workspace", "channel", "source_id"),
)
"""Messages of the bot.

Each answers the message or command `source_id` in the same place, and displays a card or, without
`prediction_id`, a sentence or a file. `asker_hash` is NULL after a deletion request.
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
"""Votes and withdrawals in the order of arrival; rows are appended or deleted, never updated.

(prediction_id, user_hash, kind, genre) names a vote; the order of `id` is the order of events.
"""

seen_events: Final = Table(
    "seen_events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("seen_events_by_age", "at"),
)
"""Deliveries that were handled, and deletions."""

inbox: Final = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sealed_plan", Text),
    Column("parked", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", DateTime(timezone=True)),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("inbox_once", "platform", "workspace", "channel", "event_id", unique=True),
    Index("inbox_by_age", "at"),
    Index("inbox_of_owner", "owner"),
    sqlite_autoincrement=True,  # a process may still know the id of a job that is finished
)
"""Deliveries that were accepted and are not worked off.

`sealed` is the JSON of the job's payload and order, `sealed_plan` that of the replies being sent;
both are encrypted, as they hold user ids and the addresses at which commands are answered. A row
with `parked` waits for a press of a button; other rows are free if `lease_until` has passed.
"""

gateway_sessions: Final = Table(
    "gateway_sessions",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("shard", Integer, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""How far the events of a chat's stream are stored; one row for each shard."""

collections: Final = Table(
    "collections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("collections_by_age", "at"),
)
"""Summaries of albums, playlists and artists; `ref` is the text of a `SubjectRef`."""

source_cache: Final = Table(
    "source_cache",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", JSON(none_as_null=True)),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("source_cache_by_age", "expires_at"),
)
"""Replies of sources. A NULL value means that the source did not know what was asked."""

source_states: Final = Table(
    "source_states",
    metadata,
    Column("name", Text, primary_key=True),
    Column("condition", Text, nullable=False),
    Column("until", DateTime(timezone=True)),
    Column("last_error", Text),
    Column("failed_at", DateTime(timezone=True)),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""The last known state of each source."""

source_calls: Final = Table(
    "source_calls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("calls", Integer, nullable=False),
)
"""Calls that were sent to a source, by the hour in which they were."""

channel_settings: Final = Table(
    "channel_settings",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("mode", Text),
    Column("reactions", Boolean),
    Column("model", Text),
    Column("ignored_roles", JSON(none_as_null=True)),
    Column("removes_previews", Boolean),
)
"""Settings; an empty `channel` is the whole workspace.

A NULL in a channel's row means the workspace's value, and there the default.
"""

vault: Final = Table(
    "vault",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Secrets, encrypted by `encryption.SecretBox`."""

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
"""View of the selections that stand.

`standing` ranks a person's selections for a track, newest first. The vote that counts has rank 1.
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
"""View that training reads; one row for each track and genre voted for.

- `view_version`: VIEW_VERSION; readers refuse unknown versions.
- `track`: `Track.key`, Spotify's id where there is one.
- `genre`: as in `model.genres`.
- `voters`: number of people whose vote for this track is this genre, at least 1.
- `all_voters`: number of people with a vote for this track.
- the twelve features of `model.schema`, by name, NULL if unknown: those of the track's newest
  answer.
- `changed_at`: time of the last change of a vote for this track, in UTC. Deletions do not change
  it, so readers must read the whole view each time.
"""
