"""The first tables, and the views over the votes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PLACE = ("platform", "workspace", "channel")
FEATURES = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
    "tempo",
    "loudness",
    "key",
    "mode",
    "duration_ms",
)

VOTES = """
CREATE VIEW votes AS
SELECT id, prediction_id, track_key, user_hash, kind, genre,
       row_number() OVER (PARTITION BY user_hash, track_key ORDER BY id DESC) AS standing
FROM (
    SELECT feedback.*, predictions.track_key,
           row_number() OVER (
               PARTITION BY user_hash, track_key, prediction_id, kind, genre
               ORDER BY feedback.id DESC
           ) AS age
    FROM feedback JOIN predictions ON predictions.id = feedback.prediction_id
) AS events
WHERE age = 1 AND added
"""

# Taking back what was not said is no change, hence the look at the event before.
FEEDBACK_LABELS = """
CREATE VIEW feedback_labels AS
WITH tally AS (
    SELECT track_key, genre, count(*) AS voters,
           CAST(sum(count(*)) OVER (PARTITION BY track_key) AS INTEGER) AS all_voters
    FROM votes WHERE standing = 1 GROUP BY track_key, genre
),
newest AS (
    SELECT track_key, max(id) AS id FROM predictions GROUP BY track_key
),
events AS (
    SELECT track_key, feedback.at, added,
           lag(added) OVER (
               PARTITION BY user_hash, prediction_id, kind, genre ORDER BY feedback.id
           ) AS stood
    FROM feedback JOIN predictions ON predictions.id = feedback.prediction_id
),
changes AS (
    SELECT track_key, max(at) AS changed_at FROM events WHERE added OR stood GROUP BY track_key
)
SELECT 1 AS view_version, tally.track_key AS track, tally.genre, voters, all_voters,
       danceability, energy, speechiness, acousticness, instrumentalness, liveness, valence,
       tempo, loudness, key, mode, duration_ms, changed_at
FROM tally
JOIN changes ON changes.track_key = tally.track_key
JOIN newest ON newest.track_key = tally.track_key
JOIN predictions ON predictions.id = newest.id
"""


def upgrade() -> None:
    """Make them."""
    _predictions()
    _messages()
    _feedback()
    op.create_table(
        "seen_events", sa.Column("event_id", sa.Text(), primary_key=True), _required("at", _time())
    )
    op.create_index("seen_events_by_age", "seen_events", ["at"])
    op.execute(VOTES)
    op.execute(FEEDBACK_LABELS)


def _predictions() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", sa.Integer(), primary_key=True),
        _required("track_key"),
        _required("track", sa.JSON()),
        *(sa.Column(name, sa.Double()) for name in FEATURES),
        _required("source"),
        _required("model"),
        _required("model_version"),
        _required("genres", sa.JSON()),
        _required("verdict"),
        _required("missing", sa.JSON()),
        _required("reasons", sa.JSON()),
        _required("typical", sa.JSON()),
        *(_required(name) for name in PLACE),
        _required("at", _time()),
    )
    op.create_index("predictions_of_track", "predictions", ["track_key", "id"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(_required(name) for name in PLACE),
        _required("message_id"),
        _prediction_id(),
        sa.Column("asker_hash", sa.Text()),
        _required("at", _time()),
    )
    op.create_index("one_card_a_message", "messages", [*PLACE, "message_id"], unique=True)
    op.create_index("messages_of_place", "messages", [*PLACE, "id"])
    op.create_index("messages_of_asker", "messages", ["asker_hash"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        _prediction_id(),
        _required("user_hash"),
        _required("kind"),
        _required("genre"),
        _required("added", sa.Boolean()),
        _required("at", _time()),
    )
    op.create_index("feedback_of_user", "feedback", ["user_hash", "prediction_id"])


def _required(
    name: str, kind: sa.Text | sa.JSON | sa.Boolean | sa.DateTime | None = None
) -> sa.Column[object]:
    return sa.Column(name, kind or sa.Text(), nullable=False)


def _prediction_id() -> sa.Column[object]:
    return sa.Column("prediction_id", sa.Integer(), sa.ForeignKey("predictions.id"), nullable=False)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)
