"""Reads where the training tables are published, from `training/sources.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).parent.parent / "sources.toml"


@dataclass(frozen=True, slots=True)
class Public:
    """A download: a table, or a zip archive with several."""

    url: str
    paths: Sequence[str]
    sha1: str | None = None

    @property
    def archive(self) -> bool:
        """Whether the download is a zip archive."""
        return self.url.endswith(".zip")

    @property
    def name(self) -> str:
        """The file name in the URL."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Manual:
    """A table that must be downloaded manually from `origin`.

    `path` is its place in the folder of tables; without it the models do not learn what is `lost`.
    """

    path: str
    origin: str
    lost: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of all tables."""

    public: tuple[Public, ...]
    manual: tuple[Manual, ...]


def load_sources(path: Path = SOURCES) -> Sources:
    """Read the sources from the data file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    public = tuple(Public(**entry) for entry in content["public"])
    return Sources(public, tuple(Manual(**entry) for entry in content["manual"]))
