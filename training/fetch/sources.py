"""Where the training tables are published, as the data file says it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).parent.parent / "sources.toml"


@dataclass(frozen=True, slots=True)
class Public:
    """A download: one file of the folder of tables, or a zip archive that holds several."""

    url: str
    paths: tuple[str, ...]
    sha1: str | None = None

    @property
    def archive(self) -> bool:
        """Whether it has to be unpacked."""
        return self.url.endswith(".zip")

    @property
    def name(self) -> str:
        """The file's name where it is published."""
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ByHand:
    """A table that no program may download: where it is to be had, what is lost without it."""

    path: str
    origin: str
    lost: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the tables come from."""

    public: tuple[Public, ...]
    by_hand: tuple[ByHand, ...]


def load_sources(path: Path = SOURCES) -> Sources:
    """Return what the data file lists."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Sources(
        tuple(
            Public(entry["url"], tuple(entry["paths"]), entry.get("sha1"))
            for entry in content["public"]
        ),
        tuple(ByHand(entry["path"], entry["from"], entry["lost"]) for entry in content["by_hand"]),
    )
