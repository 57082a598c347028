"""The learning loop: leases, served models, shadow answers, trainings, labels of workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

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

FEEDBACK_VOTES = f"""
CREATE VIEW feedback_votes AS
WITH newest AS (
    SELECT track_key,
           COALESCE(max(CASE WHEN COALESCE({", ".join(FEATURES)}) IS NOT NULL THEN id END),
                    max(id)) AS id
    FROM predictions GROUP BY track_key
)
SELECT 1 AS view_version, votes.user_hash AS voter, votes.track_key AS track, card.track AS about,
       votes.genre AS genre, card.genre AS shown, card.platform AS platform,
       card.workspace AS workspace, feedback.at AS at,
       {", ".join(f"measured.{name} AS {name}" for name in FEATURES)}
FROM votes
JOIN feedback ON feedback.id = votes.id
JOIN predictions AS card ON card.id = votes.prediction_id
JOIN newest ON newest.track_key = votes.track_key
JOIN predictions AS measured ON measured.id = newest.id
WHERE votes.standing = 1
"""  # noqa: S608 - the features are the constant above

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, the column and the view."""
    op.add_column("predictions", sa.Column("own_labels", sa.JSON(none_as_null=True)))
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
    )
    op.create_table(
        "served_models",
        sa.Column("process", sa.Text(), primary_key=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    _shadow_answers()
    _training_runs()
    op.create_table(
        "learned_notices",
        sa.Column("user_hash", sa.Text(), primary_key=True),
        sa.Column("track_key", sa.Text(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )
    _own_labels()
    op.execute(FEEDBACK_VOTES)


def _shadow_answers() -> None:
    op.create_table(
        "shadow_answers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("prediction_id", sa.Integer(), sa.ForeignKey("predictions.id"), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("genre", sa.Text(), nullable=False),
        sa.Column("genres", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("prediction_id", "model", "version", name="one_shadow_answer"),
    )
    op.create_index("shadow_answers_of_version", "shadow_answers", ["model", "version"])


def _training_runs() -> None:
    op.create_table(
        "training_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Text()),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("announced", sa.Boolean(), nullable=False),
    )
    op.create_index("training_runs_by_time", "training_runs", ["model", "started_at"])


def _own_labels() -> None:
    op.create_table(
        "own_labels",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("platform", "workspace", "folded", name="one_label_of_a_name"),
    )
    op.create_table(
        "own_label_examples",
        sa.Column("label_id", sa.Integer(), sa.ForeignKey("own_labels.id"), primary_key=True),
        sa.Column("track_key", sa.Text(), primary_key=True),
        sa.Column("song", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in FEATURES),
        sa.Column("at", TIME, nullable=False),
    )
