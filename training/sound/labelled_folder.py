"""Reads a folder of sound files with labels, and the audio features beside it, if there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model.genres import WIDE
from model.schema import CORE
from model.sound.sound_files import sound_files
from training.errors import TableError, UnknownLabel
from training.labels import load_taxonomy
from training.sound.clips import LABELS, Clip, clips
from training.tables import fma
from training.tables.csv_reader import read_csv_table

FEATURES: Final = "features.csv"
"""File in a folder that has the columns `file` and the features of `model.schema.CORE`."""

FMA: Final = "fma_metadata"
"""Folder in a folder of FMA's sound files, or beside it."""

FMA_TRACKS: Final = "tracks.csv"
FMA_FEATURES: Final = "echonest.csv"

FMA_ID_DIGITS: Final = 6
"""Length of the names of FMA's sound files: `000/000002.mp3` is track 2."""


@dataclass(frozen=True, slots=True)
class LabelledFolder:
    """Sound files with labels.

    Attributes:
        clips: The files; the label of some may be no genre.
        features: Audio features of the files that have any, by `model.schema.NAMES`.
        source: Where the files are from.
        license: What is known of their licence.
    """

    clips: Sequence[Clip]
    features: Mapping[Path, Mapping[str, float]]
    source: str
    license: str

    @property
    def labelled(self) -> list[Clip]:
        """The files that have a genre."""
        return [clip for clip in self.clips if clip.label in WIDE]


def read_folder(folder: Path) -> LabelledFolder:
    """Read a folder with labels in one of three layouts.

    - `labels.csv` in the folder, with the columns `file` and `genre`, and perhaps `artist`;
    - sound files of the Free Music Archive (FMA), with `fma_metadata` in the folder or beside it;
    - folders in it that are named by genres.

    Raises:
        NoSoundFiles: The folder does not exist, or has no sound files.
        TrainingError: A table of labels or features cannot be read.
    """
    metadata = None if (folder / LABELS).exists() else _fma_metadata(folder)
    try:
        if metadata:
            return _fma(folder, metadata)
        found = clips(folder)
    except OSError as error:
        raise TableError(folder, f"cannot be read: {error.strerror}") from error
    return LabelledFolder(found, _features(folder), "a folder of labelled sound files", "not known")


def _features(folder: Path) -> dict[Path, dict[str, float]]:
    """Return the features in FEATURES, if it exists."""
    if not (folder / FEATURES).exists():
        return {}
    sheet = read_csv_table(folder / FEATURES, ("file", *CORE))
    sheet.check_unique("file")
    columns = {name: sheet.feature(name, name) for name in CORE}
    return {
        folder / file: {name: column[row] for name, column in columns.items() if column[row] >= 0}
        for row, file in enumerate(sheet.text("file"))
    }


def _fma_metadata(folder: Path) -> Path | None:
    """Return the folder of FMA's tables, if this is a folder of FMA's sound files."""
    beside = (folder / FMA, folder.resolve().parent / FMA)
    found = next((one for one in beside if (one / FMA_TRACKS).is_file()), None)
    return found if found and any(map(_fma_id, sound_files(folder))) else None


def _fma_id(path: Path) -> str:
    """Return the track id in the name of one of FMA's files; "" if it has none."""
    name = path.stem
    return str(int(name)) if len(name) == FMA_ID_DIGITS and name.isdecimal() else ""


def _fma(folder: Path, metadata: Path) -> LabelledFolder:
    paths = {number: path for path in sound_files(folder) if (number := _fma_id(path))}
    tracks = read_csv_table(metadata / FMA_TRACKS, (fma.ID, fma.ARTIST, fma.GENRE), header_lines=3)
    tracks.check_unique(fma.ID)
    reader = load_taxonomy()["fma"]
    found = []
    columns = (tracks.text(fma.ID), tracks.text(fma.ARTIST), tracks.text(fma.GENRE))
    for row, (number, artist, label) in enumerate(zip(*columns, strict=True)):
        if number in paths:
            try:
                genre = reader.read((label,) if label else ()) or ""
            except KeyError:
                problem = f"the taxonomy does not list the label {label!r}"
                line = tracks.lines[row]
                raise UnknownLabel(tracks.path, problem, line=line, column=fma.GENRE) from None
            found.append(Clip(paths[number], genre, artist))
    return LabelledFolder(
        sorted(found, key=lambda clip: clip.path),
        _fma_features(metadata, paths),
        "Free Music Archive, https://github.com/mdeff/fma (Defferrard et al., ISMIR 2017)",
        "Creative Commons licences that each artist chose",
    )


def _fma_features(metadata: Path, paths: Mapping[str, Path]) -> dict[Path, dict[str, float]]:
    """Return the features of the files that Echo Nest measured, if the table is there."""
    if not (metadata / FMA_FEATURES).exists():
        return {}
    rows = fma.read(metadata / FMA_FEATURES, metadata / FMA_TRACKS).set_index("id")[list(CORE)]
    known = rows.loc[[number for number in rows.index if number in paths]]
    return {
        paths[str(number)]: {str(name): float(value) for name, value in row.dropna().items()}
        for number, row in known.iterrows()
    }
