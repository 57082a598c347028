"""Sound files of which the genre is known."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from model.sound.heard import NoMusic
from model.sound.sound_files import sound_files
from model.tag_taxonomy import Taxonomy, load_taxonomy
from training.errors import TableError

LABELS: Final = "labels.csv"
"""File in a folder that has the columns `file` and `genre`, and perhaps `artist`."""

KNOWN: Final = Path(__file__).with_name("clips.toml")


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound file.

    Attributes:
        path: Where it is.
        label: Its genre of `model.genres.WIDE`, or a value of `NoMusic`; empty if it is not known.
        artist: Whose it is; empty if it is not known.
    """

    path: Path
    label: str
    artist: str = ""


def clips(folder: Path) -> list[Clip]:
    """Return the sound files of a folder with their labels, sorted by path.

    The labels are those of the folder's LABELS, whose files alone are returned then. Without it, a
    file's label is the name of the folder that it is in, or what is known of its name. Labels are
    read as tags are: "death metal" is metal.

    Raises:
        NoSoundFiles: The folder does not exist, or has no sound files.
        TableError: LABELS cannot be read.
    """
    if (folder / LABELS).exists():
        return sorted(_labelled(folder), key=lambda clip: clip.path)
    known: dict[str, str] = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    return [
        Clip(path, known.get(path.name, "") or read_label(path.parent.name))
        for path in sound_files(folder)
    ]


def read_label(text: str) -> str:
    """Return the label that a text means; empty if it means none."""
    if (plain := text.strip().casefold()) in set(NoMusic):
        return plain
    return next(iter(_taxonomy().genres_of(text)), "")


@cache
def _taxonomy() -> Taxonomy:
    return load_taxonomy()


def _labelled(folder: Path) -> list[Clip]:
    with (folder / LABELS).open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file))
            return [
                Clip(folder / row["file"], read_label(row["genre"] or ""), row.get("artist") or "")
                for row in rows
            ]
        except (KeyError, TypeError, UnicodeDecodeError, csv.Error) as error:
            raise TableError(folder / LABELS, "it needs the columns file and genre") from error
