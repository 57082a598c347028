"""The source of each feature value; the platform `local` becomes `web`."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("predictions", "messages", "channel_settings")


def upgrade() -> None:
    """Add the column and rename the platform."""
    op.add_column("predictions", sa.Column("feature_sources", sa.JSON()))
    for table in TABLES:
        op.execute(f"UPDATE {table} SET platform = 'web' WHERE platform = 'local'")  # noqa: S608 - constants
    op.execute(
        "UPDATE seen_events SET event_id = 'web' || substr(event_id, 6)"
        " WHERE event_id LIKE 'local/%'"
    )
