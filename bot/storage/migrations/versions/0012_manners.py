"""Cards behind spoilers, ignored roles, previews that are removed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the columns."""
    no = sa.false()
    op.add_column("messages", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("channel_settings", sa.Column("ignored_roles", sa.JSON(none_as_null=True)))
    op.add_column("channel_settings", sa.Column("removes_previews", sa.Boolean()))
