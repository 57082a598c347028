"""Made-up clips: what the tagger hears in them, and a folder whose labels name them."""

import base64
import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.sound import embedding
from model.sound.networks import EMBEDDING_SIZE
from model.sound.sound_table import Row
from model.sound.tagger_bundle import TaggerMetadata
from training.sound.clips import LABELS, Clip
from training.sound.examples import Examples, Heard, examples
from training.sound.heard_clips import ClipSound
from training.sound.labelled_folder import FEATURES

GENRES = ("rock", "hip-hop", "reggae")
CLIPS = 48
"""Clips of each genre."""

ARTISTS = 12
"""Artists of each genre."""

TAG = {"rock": "rock", "hip-hop": "Hip-Hop"}
"""Tags of `msd` that say a genre; there is none for reggae."""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """How much the made-up sounds say.

    Attributes:
        embedded: Distance of the genres' mean embeddings, in standard deviations of each value.
        tagged: Share of the clips whose tags say their genre; those of the others say another.
        seed: Of all random draws.
    """

    embedded: float = 0.6
    tagged: float = 0.6
    seed: int = 1

    def sound(self, genre: str, rng: np.random.Generator) -> ClipSound:
        """Return what is heard in a clip of a genre."""
        values = rng.normal(0, 1, EMBEDDING_SIZE).astype(np.float32)
        number = GENRES.index(genre)
        values[20 * number : 20 * number + 20] += self.embedded
        others = [one for one in TAG if one != genre]
        said = genre if genre in TAG and rng.random() < self.tagged else str(rng.choice(others))
        return ClipSound({"msd": {TAG[said]: 0.6}}, values)

    def examples(self, genres: Sequence[str] = GENRES) -> Examples:
        """Return labelled clips."""
        rng = np.random.default_rng(self.seed)
        clips = [clip for clip in labelled_clips() if clip.label in genres]
        sounds = [self.sound(clip.label, rng) for clip in clips]
        return examples(Heard(clips, sounds, {}), {})

    def hear(
        self, paths: Sequence[Path], tagger: TaggerMetadata, cache: Path, processes: int
    ) -> Mapping[Path, Row]:
        """Listen, as `hear_clips` does; the names of the files say their genre."""
        del tagger, cache, processes
        rng = np.random.default_rng(self.seed)
        return {path: row_of(self.sound(path.stem.split("_")[0], rng)) for path in paths}


def labelled_clips(folder: Path = Path()) -> list[Clip]:
    """Return CLIPS clips by ARTISTS artists of each genre."""
    return [
        Clip(folder / f"{genre}_{number:02}.ogg", genre, f"{genre} artist {number % ARTISTS}")
        for genre in GENRES
        for number in range(CLIPS)
    ]


def write_labels(folder: Path, clips: Sequence[Clip]) -> Path:
    """Write LABELS of the clips to a folder, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LABELS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "genre", "artist"])
        writer.writerows([clip.path.name, clip.label, clip.artist] for clip in clips)
    return folder


def write_features(folder: Path, clips: Sequence[Clip], features: Mapping[str, float]) -> None:
    """Write FEATURES: the same values for each of the clips."""
    with (folder / FEATURES).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", *features])
        writer.writerows([clip.path.name, *features.values()] for clip in clips)


def row_of(sound: ClipSound) -> dict[str, str]:
    """Return the cells of a clip, as `hear_clip` returns them."""
    stored = base64.b64encode(embedding.to_bytes(sound.embedding)).decode()
    return {"tags": json.dumps(sound.tags), "embedding": stored}
