"""Limits of decoding."""

import json
from dataclasses import asdict, dataclass
from typing import Final, Self

MIN_RATE: Final = 2_000
"""Samples in a second below which a file counts as damaged."""

MAX_SOURCE_RATE: Final = 1_000_000
"""Samples in a second of a file; FLAC has at most 655,350, and what is sold 384,000."""


MAX_TAG_LENGTH: Final = 300
"""Characters of a title or an artist."""

REFUSED: Final = 3
"""Exit code of a process that says why it cannot decode."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What decoding one file may take.

    Attributes:
        file_bytes: Bytes of the file.
        sound_seconds: Length of the sound.
        least_seconds: Length of what can be decoded below which it is too short.
        wall_seconds: Time until the process is ended.
        cpu_seconds: Processor time of the process, as a whole number.
        memory_bytes: Address space of the process; the libraries take 240 MB of it.
        output_bytes: What the process may write; 30 s of stereo at 48 kHz are 11.5 MB.
    """

    file_bytes: int = 1 << 30
    sound_seconds: float = 3 * 3600.0
    least_seconds: float = 1.0
    wall_seconds: float = 20.0
    cpu_seconds: int = 10
    memory_bytes: int = 640 << 20
    output_bytes: int = 16 << 20

    def to_json(self) -> str:
        """Return the form that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the limits that a process was given."""
        return cls(**json.loads(text))


LIMITS: Final = Limits()
