"""What is heard in a sound."""

import base64
import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from model.sound.fusion import Exponents
from model.verdicts import Verdict


class NoMusic(StrEnum):
    """What a sound is instead of music."""

    SPEECH = "speech"
    NOISE = "noise"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard in a sound.

    Attributes:
        tags: Probability of each tag that is told, in descending order; each is 0-1 by itself.
        genres: Probability of each genre that can be told from sound, in descending order; they
            sum to 1. Empty if the sound is no music.
        verdict: Confidence of the genres; `unsure` means that they cannot be told.
        no_music: What the sound is instead of music; None for music.
        seconds: Length of what was heard.
        duration: Length of the whole sound in seconds.
        tempo: Beats in a minute; None if it cannot be told.
        other_tempo: Half or double the tempo, if that is nearly as likely.
        loudness: Integrated loudness in LUFS (ITU-R BS.1770-4); None if it cannot be told.
        key: Key, such as `A minor`, as a guess; None if it cannot be told.
        embedding: The embedding, quantised by `model.sound.embedding`; empty if it is not kept.
        model: Name of the tagger's bundle.
        model_version: Its version.
        exponents: How the genres are multiplied with those by audio features; None if they are
            not.
    """

    tags: Mapping[str, float]
    genres: Mapping[str, float]
    verdict: Verdict
    no_music: NoMusic | None
    seconds: float
    duration: float
    tempo: float | None
    other_tempo: float | None
    loudness: float | None
    key: str | None
    embedding: bytes
    model: str
    model_version: str
    exponents: Exponents | None = None

    @property
    def is_music(self) -> bool:
        """Whether the sound is music."""
        return self.no_music is None

    @property
    def is_kept(self) -> bool:
        """Whether what is heard is kept, for learning: of a file in a chat it is not."""
        return bool(self.embedding)

    @property
    def best(self) -> str:
        """The most probable genre; raises ValueError if the sound has none, being no music."""
        if not self.genres:
            raise ValueError(f"a sound without genres: {self.no_music}")
        return next(iter(self.genres))

    @property
    def named(self) -> tuple[str, ...]:
        """The genres that the verdict is about, most probable first."""
        return tuple(self.genres)[: self.verdict.genres_named]

    def without_content(self) -> "Heard":
        """Return what may be stored of a sound in a message: neither tags nor embedding.

        Figures are rounded, so that no file can be recognised by them.
        """
        return replace(
            self,
            tags={},
            embedding=b"",
            genres=rounded(self.genres),
            seconds=round(self.seconds),
            duration=round(self.duration),
            tempo=None if self.tempo is None else round(self.tempo),
            other_tempo=None if self.other_tempo is None else round(self.other_tempo),
            loudness=None if self.loudness is None else round(self.loudness),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the values as JSON has them; `from_dict` reads them."""
        embedding = base64.b64encode(self.embedding).decode()
        return {**asdict(self), "embedding": embedding}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raise ValueError, KeyError or TypeError.

        Other values beside them are left out.
        """
        own = {field.name for field in dataclasses.fields(cls)}
        fields = {name: value for name, value in values.items() if name in own}
        fields["verdict"] = Verdict(fields["verdict"])
        fields["no_music"] = NoMusic(fields["no_music"]) if fields["no_music"] else None
        fields["embedding"] = base64.b64decode(fields["embedding"])
        exponents = fields.get("exponents")
        fields["exponents"] = Exponents(**exponents) if exponents else None
        return cls(**fields)


def rounded(genres: Mapping[str, float]) -> dict[str, float]:
    """Return the probabilities of genres as they are with two decimals; they sum to 1."""
    cut = {genre: round(probability, 2) for genre, probability in genres.items()}
    total = sum(cut.values())
    return {genre: probability / total for genre, probability in cut.items()} if total else {}
