"""Tables of the inbox and of the gateway sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PLACE = ("platform", "workspace", "channel")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in PLACE),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_plan", sa.Text()),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("inbox_once", "inbox", [*PLACE, "event_id"], unique=True)
    op.create_index("inbox_by_age", "inbox", ["at"])
    op.create_index("inbox_of_owner", "inbox", ["owner"])
    op.create_table(
        "gateway_sessions",
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("shard", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
