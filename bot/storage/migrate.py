"""Runs the migrations. Imports Alembic, so it is imported only if there is one to run."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.domain.errors import StorageFailed

SCRIPTS: Final = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, which has no file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def to_head(connection: Connection, name: str) -> None:
    """Run the pending migrations of the database `name` in the transaction of `connection`.

    Raises StorageFailed if the database is newer than this program.
    """
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in known:
        raise StorageFailed(
            f"the database {name} was written by a newer version of Soundslike (its revision is "
            f"{revision}, this version knows {scripts.get_current_head()}): update, or use another "
            "DATABASE_URL"
        )
    command.upgrade(config, "head")
