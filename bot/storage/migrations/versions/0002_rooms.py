"""The predicted genre as a column, messages without a card and what they answer, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PLACE = ("platform", "workspace", "channel")

GENRE = {
    "sqlite": "UPDATE predictions SET genre = (SELECT key FROM json_each(genres) LIMIT 1)",
    "postgresql": "UPDATE predictions SET genre = (SELECT json_object_keys(genres) LIMIT 1)",
}
"""Both yield keys in the order in which they were written: the first is the predicted genre."""

# As before, but for the qualified genre: `predictions` has one too now.
VOTES = """
CREATE VIEW votes AS
SELECT id, prediction_id, track_key, user_hash, kind, genre,
       row_number() OVER (PARTITION BY user_hash, track_key ORDER BY id DESC) AS standing
FROM (
    SELECT feedback.*, predictions.track_key,
           row_number() OVER (
               PARTITION BY user_hash, track_key, prediction_id, kind, feedback.genre
               ORDER BY feedback.id DESC
           ) AS age
    FROM feedback JOIN predictions ON predictions.id = feedback.prediction_id
) AS events
WHERE age = 1 AND added
"""

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
               PARTITION BY user_hash, prediction_id, kind, feedback.genre ORDER BY feedback.id
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
    op.execute("DROP VIEW feedback_labels")
    op.execute("DROP VIEW votes")
    _genre()
    with op.batch_alter_table("messages") as messages:
        messages.alter_column("prediction_id", existing_type=sa.Integer(), nullable=True)
        messages.add_column(sa.Column("source_id", sa.Text()))
    op.create_index("messages_by_time", "messages", [*PLACE, "at", "id"])
    op.create_index("messages_of_source", "messages", [*PLACE, "source_id"])
    op.create_index("feedback_of_prediction", "feedback", ["prediction_id"])
    op.create_table(
        "channel_settings",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in PLACE),
        sa.Column("mode", sa.Text()),
        sa.Column("reactions", sa.Boolean()),
        sa.Column("model", sa.Text()),
    )
    op.execute(VOTES)
    op.execute(FEEDBACK_LABELS)


def _genre() -> None:
    """Add it with a default, which stays in SQLite.

    To drop the default, SQLite would have to rebuild a table that others refer to, which it refuses
    within a transaction.
    """
    op.add_column("predictions", sa.Column("genre", sa.Text(), nullable=False, server_default=""))
    dialect = op.get_context().dialect.name
    op.execute(GENRE[dialect])
    if dialect != "sqlite":
        op.alter_column("predictions", "genre", server_default=None)
    op.create_index(
        "predictions_of_workspace", "predictions", ["platform", "workspace", "track_key", "id"]
    )
