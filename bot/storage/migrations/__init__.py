"""Migrations, numbered; Alembic runs them. A migration that was released is never edited."""
