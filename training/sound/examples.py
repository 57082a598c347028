"""Labelled sounds as arrays: clips of a folder, on which is measured, and votes, on which is not.

A vote is given by somebody who has read the bot's answer, so that agreement of votes and answers
says little about either. Therefore votes only train.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from model.genres import WIDE
from model.sound.front_end import Floats
from model.sound.networks import EMBEDDING_SIZE
from model.sound.sound_table import Row
from model.sound.tag_genres import tag_genres
from training.identity import ROWS_PER_ARTIST, lead_artist_key
from training.sound.clips import Clip
from training.sound.heard_clips import ClipSound
from training.sound.heard_votes import HeardVote

MIN_CLIPS: Final = 40
"""Least number of clips of a genre of the head."""

MIN_ARTISTS: Final = 10
"""Least number of artists of a genre of the head."""

Names = npt.NDArray[np.str_]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled sounds.

    Attributes:
        embeddings: float32 [sounds, EMBEDDING_SIZE].
        truth: Genre of each sound.
        artists: Key of each sound's artist; one of its own for each without.
        weights: float64 [sounds]; how much each counts in a fit, before genres are evened out.
        measured: Whether a sound is a clip, not a vote.
        tables: Genres of each clip by the table from tags; empty for votes.
        features: Audio features of each clip that has any.
    """

    embeddings: Floats
    truth: Names
    artists: Names
    weights: Doubles
    measured: npt.NDArray[np.bool_]
    tables: Sequence[Mapping[str, float]]
    features: Sequence[Mapping[str, float]]

    def __len__(self) -> int:
        """Return the number of sounds."""
        return len(self.truth)

    def part(self, chosen: npt.NDArray[Any]) -> "Examples":
        """Return some of the sounds, by a mask or by indices."""
        indices = np.arange(len(self))[chosen]
        return Examples(
            self.embeddings[indices],
            self.truth[indices],
            self.artists[indices],
            self.weights[indices],
            self.measured[indices],
            [self.tables[index] for index in indices],
            [self.features[index] for index in indices],
        )

    def genres(self) -> tuple[str, ...]:
        """Return the genres with at least MIN_CLIPS clips by at least MIN_ARTISTS artists."""
        return tuple(
            genre
            for genre in WIDE
            if (own := self.measured & (self.truth == genre)).sum() >= MIN_CLIPS
            and len(set(self.artists[own])) >= MIN_ARTISTS
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """Clips that were listened to, and the number of those that were left out, by reason."""

    clips: Sequence[Clip]
    sounds: Sequence[ClipSound]
    left_out: Mapping[str, int]


def heard(clips: Iterable[Clip], rows: Mapping[Path, Row]) -> Heard:
    """Return the clips that are music, each sound once."""
    kept: list[Clip] = []
    sounds: list[ClipSound] = []
    left_out: Counter[str] = Counter()
    known: set[bytes] = set()
    for clip in clips:
        row = rows[clip.path]
        if "error" in row:
            left_out["no music" if row["error"] == "not_music" else "not readable"] += 1
            continue
        sound = ClipSound.from_row(row)
        if (content := sound.embedding.tobytes()) in known:
            left_out["copies of others"] += 1
            continue
        known.add(content)
        kept.append(clip)
        sounds.append(sound)
    return Heard(kept, sounds, left_out)


def examples(
    found: Heard, features: Mapping[Path, Mapping[str, float]], votes: Sequence[HeardVote] = ()
) -> Examples:
    """Return clips and votes as arrays.

    Songs of an artist beyond ROWS_PER_ARTIST weigh less, as in `training.identity.artist_weights`.
    A vote on a sound that is a clip as well is left out.
    """
    clips, sounds = found.clips, found.sounds
    known = {sound.embedding.tobytes() for sound in sounds}
    votes = [vote for vote in votes if vote.embedding.tobytes() not in known]
    named = [*(clip.artist for clip in clips), *(vote.artist for vote in votes)]
    artists = np.array(list(_groups(named)), dtype=str)
    base = np.array([1.0] * len(clips) + [float(vote.weight) for vote in votes])
    own = [*(sound.embedding for sound in sounds), *(vote.embedding for vote in votes)]
    return Examples(
        np.array(own, np.float32).reshape(-1, EMBEDDING_SIZE),
        np.array([*(clip.label for clip in clips), *(vote.genre for vote in votes)], dtype=str),
        artists,
        base * _artist_weights(artists),
        np.array([True] * len(clips) + [False] * len(votes), dtype=bool),
        [*(tag_genres().probabilities(sound.tags) for sound in sounds), *({} for _ in votes)],
        [*(features.get(clip.path, {}) for clip in clips), *({} for _ in votes)],
    )


def evened(weights: Doubles, truth: Names) -> Doubles:
    """Return the weights scaled so that every genre weighs the same; 1 on average."""
    totals = {genre: weights[truth == genre].sum() for genre in np.unique(truth)}
    each = len(truth) / len(totals)
    return np.array([w * each / totals[g] for w, g in zip(weights, truth, strict=True)])


def _groups(artists: Iterable[str]) -> Iterator[str]:
    for number, artist in enumerate(artists):
        yield lead_artist_key(artist) if artist.strip() else f"\n{number}"


def _artist_weights(artists: Names) -> Doubles:
    _, inverse, counts = np.unique(artists, return_inverse=True, return_counts=True)
    return np.asarray(np.sqrt(np.minimum(1, ROWS_PER_ARTIST / counts[inverse])))
