"""Fixtures of the storage tests."""

from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a SQLite database that does not exist yet."""
    return tmp_path / "soundslike.db"
