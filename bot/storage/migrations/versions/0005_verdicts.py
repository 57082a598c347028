"""Verdicts get other names; what else a card says of its prediction."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

VERDICTS = {"clear": "plain", "close": "either"}


def upgrade() -> None:
    """Add the columns and rename the verdicts."""
    op.add_column("predictions", sa.Column("subgenre", sa.JSON()))
    op.add_column("predictions", sa.Column("year_counted", sa.Boolean()))
    op.add_column("predictions", sa.Column("prior", sa.Text()))
    for former, verdict in VERDICTS.items():
        op.execute(f"UPDATE predictions SET verdict = '{verdict}' WHERE verdict = '{former}'")  # noqa: S608 - constants
