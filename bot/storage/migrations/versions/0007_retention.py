"""Index of messages by the answer they display, for deleting old answers."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the index."""
    op.create_index("messages_of_prediction", "messages", ["prediction_id"])
