"""Labels keep a track's features when a later answer about it, by sound alone, has none."""

from alembic import op

revision = "0011"
down_revision = "0010"

FEATURES = """
danceability, energy, speechiness, acousticness, instrumentalness, liveness, valence,
       tempo, loudness, key, mode, duration_ms
""".strip()

FEEDBACK_LABELS = f"""
CREATE VIEW feedback_labels AS
WITH tally AS (
    SELECT track_key, genre, count(*) AS voters,
           CAST(sum(count(*)) OVER (PARTITION BY track_key) AS INTEGER) AS all_voters
    FROM votes WHERE standing = 1 GROUP BY track_key, genre
),
newest AS (
    SELECT track_key,
           COALESCE(max(CASE WHEN COALESCE({FEATURES}) IS NOT NULL THEN id END), max(id)) AS id
    FROM predictions GROUP BY track_key
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
       {FEATURES}, changed_at
FROM tally
JOIN changes ON changes.track_key = tally.track_key
JOIN newest ON newest.track_key = tally.track_key
JOIN predictions ON predictions.id = newest.id
"""  # noqa: S608 - the features are the constant above


def upgrade() -> None:
    """Replace the view."""
    op.execute("DROP VIEW feedback_labels")
    op.execute(FEEDBACK_LABELS)
