"""Delete the states of installations: they are signed and no longer stored."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Delete the rows; they were valid for ten minutes."""
    op.execute("DELETE FROM vault WHERE name LIKE 'slack/state/%'")
