"""Where `make stand-ins` puts the programs and recorded replies that tests use."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / ".stand-ins"
"""Shared by all environments, as nothing in it depends on the version of Python."""
