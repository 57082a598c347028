"""Makes damaged sound files, and decodes many of them in one confined process.

As a program: decodes the file on its standard input each time it reads a line with the format's
name and library from the descriptor in its argument, with `model.sound.decoder`.
"""

import io
import os
import random
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from model.sound.decoder import decoded, reader_of
from model.sound.decoding import ENVIRONMENT, is_believable
from model.sound.errors import NotAudio, Problem
from model.sound.format_table import Library
from model.sound.formats import Format, recognise
from model.sound.limits import LIMITS, Limits
from model.sound.sandbox import confine
from tests.support.sound_files import KINDS, tone, write

ROOT: Final = Path(__file__).parents[2]
LENGTH_BYTES: Final = 4
WALL_SECONDS: Final = 20
EXTREMES: Final = (
    0,
    1,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
)
MARKERS: Final = (
    b"RIFF",
    b"data",
    b"fmt ",
    b"OggS",
    b"fLaC",
    b"ID3\x04",
    b"moov",
    b"stsd",
    b"\xff\xfb",
)


def good_files(folder: Path) -> list[bytes]:
    """Return a short file of every kind."""
    files = []
    for kind in KINDS:
        rate = 16_000 if kind.rate == 44_100 and kind.writer.isupper() else kind.rate
        path = write(folder / kind.name, tone(1.2, rate, 1), kind, rate)
        files.append(path.read_bytes())
    return files


def mutations(files: list[bytes], seed: int) -> Iterator[bytes]:
    """Yield damaged files without end, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a seed is wanted
    while True:
        for file in files:
            data = bytearray(file)
            for _ in range(chance.choice((1, 1, 2, 4, 16))):
                _mutate(data, files, chance)
            yield bytes(data)


def _mutate(data: bytearray, files: list[bytes], chance: random.Random) -> None:
    if not data:
        return
    # Headers matter most.
    end = len(data) if chance.random() < 0.4 else min(len(data), 600)
    at = chance.randrange(end)
    match chance.randrange(8):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at] = chance.randrange(256)
        case 2:
            size = chance.choice((1, 2, 4, 8))
            value = chance.choice(EXTREMES) & (256**size - 1)
            data[at : at + size] = value.to_bytes(size, chance.choice(("big", "little")))
        case 3:
            del data[at : at + chance.choice((1, 4, 100, 3000))]
        case 4:
            data[at:at] = data[at : at + chance.choice((1, 4, 100, 3000))]
        case 5:
            data[at:at] = chance.randbytes(chance.choice((1, 4, 100)))
        case 6:
            del data[chance.randrange(len(data)) :]
        case _:
            other = chance.choice(files)
            start = chance.randrange(len(other))
            part = chance.choice((other[start : start + 200], chance.choice(MARKERS)))
            data[at : at + len(part)] = part


class ConfinedDecoder:
    """A process that decodes one file after the other, started again when it dies.

    Attributes:
        deaths: What killed it.
    """

    def __init__(self) -> None:
        self.deaths: list[bytes] = []
        self._processes: dict[Library, subprocess.Popen[bytes]] = {}
        self._ends: dict[Library, int] = {}
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with this object

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for library in [*self._processes]:
            self._end(library)
        self._file.close()

    def decode(self, data: bytes) -> str:
        """Return `decoded` or a problem; raise AssertionError for any other end."""
        try:
            found = recognise(io.BytesIO(data), len(data))
        except NotAudio as error:
            return error.problem
        output = self._ask(found, data[found.skip :])
        if output is None:
            self.deaths.append(data)
            self._end(found.library)
            return Problem.DAMAGED
        if output[:1] == b"!":
            return Problem(output[1:].decode())
        assert is_believable(output, found.name, LIMITS), f"{found} {output[:300]!r}"
        return "decoded"

    def _ask(self, found: Format, data: bytes) -> bytes | None:
        # Without a buffer, as the process moves the file's position.
        os.ftruncate(self._file.fileno(), 0)
        os.pwrite(self._file.fileno(), data, 0)
        if found.library not in self._processes:
            self._start(found.library)
        process = self._processes[found.library]
        assert process.stdout
        try:
            os.write(self._ends[found.library], f"{found.name}\n".encode())
        except BrokenPipeError:
            return None
        length = self._read(process.stdout.fileno(), LENGTH_BYTES)
        return length and self._read(process.stdout.fileno(), int.from_bytes(length, "big"))

    def _read(self, descriptor: int, length: int) -> bytes | None:
        data = b""
        while len(data) < length:
            ready, _, _ = select.select([descriptor], [], [], WALL_SECONDS)
            part = os.read(descriptor, length - len(data)) if ready else b""
            if not part:
                return None
            data += part
        return data

    def _start(self, library: Library) -> None:
        theirs, ours = os.pipe()
        self._processes[library] = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fuzzed_sounds", str(theirs), library],
            cwd=ROOT,
            stdin=self._file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs],
            env=ENVIRONMENT,
            bufsize=0,
        )
        os.close(theirs)
        self._ends[library] = ours

    def _end(self, library: Library) -> None:
        process = self._processes.pop(library)
        os.close(self._ends.pop(library))
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def main(commands: int, library: Library) -> None:
    """Decode the file on the standard input for each line that is read."""
    reader = reader_of(library)
    confine(Limits(cpu_seconds=100_000, memory_bytes=2 << 30))
    while name := os.read(commands, 100).decode().strip():
        try:
            output = decoded(reader, name, LIMITS).to_bytes()
        except NotAudio as error:
            output = b"!" + error.problem.encode()
        output = len(output).to_bytes(LENGTH_BYTES, "big") + output
        while output:
            output = output[os.write(1, output) :]


if __name__ == "__main__":
    main(int(sys.argv[1]), Library(sys.argv[2]))
