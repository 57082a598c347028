"""What was heard in a sound."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the column."""
    op.add_column("predictions", sa.Column("heard", sa.JSON()))
