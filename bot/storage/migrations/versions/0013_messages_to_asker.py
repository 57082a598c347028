"""Index of messages by place and person, for the history of a visitor of the web page."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the index."""
    columns = ["platform", "workspace", "channel", "asker_hash", "id"]
    op.create_index("messages_to_asker", "messages", columns)
