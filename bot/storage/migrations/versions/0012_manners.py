"""Cards behind spoilers, ignored roles, removed previews; ids of jobs that are not used again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KEY = ["platform", "workspace", "channel", "event_id"]
INDEXES = {"inbox_once": KEY, "inbox_by_age": ["at"], "inbox_of_owner": ["owner"]}


def upgrade() -> None:
    """Create the columns."""
    no = sa.false()
    op.add_column("messages", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("channel_settings", sa.Column("ignored_roles", sa.JSON(none_as_null=True)))
    op.add_column("channel_settings", sa.Column("removes_previews", sa.Boolean()))
    if op.get_bind().dialect.name == "sqlite":
        _number_jobs_anew()


def _number_jobs_anew() -> None:
    """Let SQLite give no job the id of one that is finished, which a process may still know."""
    op.rename_table("inbox", "inbox_before")
    for index in INDEXES:
        op.drop_index(index, "inbox_before")
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*KEY, "kind", "sealed")),
        sa.Column("sealed_plan", sa.Text()),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO inbox SELECT * FROM inbox_before")
    op.drop_table("inbox_before")
    for index, columns in INDEXES.items():
        op.create_index(index, "inbox", columns, unique=index == "inbox_once")
