"""Decodes a sound file in a process of its own, which is confined and is not trusted.

The file is recognised here, by its content. Everything else that reads it runs in
`model.sound.decoder`, a fresh process for each file: what a library does to its memory ends with
it. Its output is bounded and checked before it is believed.
"""

import json
import os
import shutil
import stat
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from model import fresh_process
from model.sound.cancellation import Cancellation
from model.sound.decoded import EXCERPT_PLACES, HEAD, MAX_CHANNELS, MAX_RATE, WHOLE_SECONDS, Decoded
from model.sound.errors import ListeningFailed, NotAudio, Problem
from model.sound.formats import Format, recognise
from model.sound.limits import LIMITS, MAX_TAG_LENGTH, MIN_RATE, REFUSED, Limits
from model.sound.sandbox import Protection
from model.sound.sound_files import open_sound

ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1"}
"""All that the process has of an environment; threads would cost numpy 40 ms at its start."""

NOT_STARTED: Final = 1
"""Exit code of an interpreter that could not import the program."""

PIPE_BYTES: Final = 1 << 20
READ_BYTES: Final = 1 << 18

TOLERANCE_SECONDS: Final = 0.5

Command = Callable[[Format, Limits], Sequence[str]]
"""Returns the command line of the process that decodes a file of a format."""


def decoder_command(found: Format, limits: Limits) -> list[str]:
    """Return the command line of `model.sound.decoder`."""
    arguments = (found.name, found.library.value, str(os.getpid()), limits.to_json())
    return fresh_process.command("model.sound.decoder", *arguments)


def decode(
    sound: BinaryIO,
    limits: Limits = LIMITS,
    *,
    command: Command = decoder_command,
    cancellation: Cancellation | None = None,
    folder: Path | None = None,
) -> bytes:
    """Return what is heard of a sound file, in the form that `Decoded.from_bytes` reads.

    Blocks for up to `limits.wall_seconds`; 0.15 s for a song. For use by several threads.

    Args:
        sound: A file with a descriptor, of which the position is moved.
        limits: What decoding may take.
        command: What is run; another one in tests.
        cancellation: Ends the process when it is cancelled on another thread.
        folder: Where a part of the file is copied to, if need be; a temporary folder by default.

    Raises:
        NotAudio: The file cannot be listened to.
        ListeningFailed: The process cannot be started, the disk is full, or decoding was cancelled.
        OSError: The file cannot be read.
    """
    cancellation = cancellation or Cancellation()
    sound.flush()  # its length, too, is that without what is still buffered
    status = os.fstat(sound.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise NotAudio(Problem.NOT_SOUND)
    if status.st_size > limits.file_bytes:
        raise NotAudio(Problem.TOO_BIG, limit=limits.file_bytes)
    found = recognise(sound, status.st_size)
    if not found.skip:
        return _decode(sound, found, limits, command, cancellation)
    # libsndfile does not look for a sound behind something else.
    with _copy(sound, found.skip, folder) as rest:
        return _decode(rest, found, limits, command, cancellation)


def decode_file(path: Path) -> Decoded:
    """Return what is heard of the sound file at a path; blocks as `decode` does.

    Raises:
        NotAudio: The file cannot be listened to, also because it is missing or may not be read.
        ListeningFailed: The process cannot be started.
    """
    with open_sound(path) as sound:
        try:
            return Decoded.from_bytes(decode(sound))
        except OSError as error:
            raise NotAudio(Problem.UNREADABLE) from error


def protections() -> frozenset[Protection]:
    """Return what the operating system keeps a process that decodes from, as tried in one.

    Raises:
        ListeningFailed: The process cannot be started.
    """
    command = fresh_process.command("model.sound.sandbox")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        code, output = _run(command, nothing, LIMITS, Cancellation())
    if code:
        raise ListeningFailed("the process that decodes sound could not start")
    return frozenset(map(Protection, json.loads(output)))


@contextmanager
def _copy(sound: BinaryIO, start: int, folder: Path | None) -> Iterator[BinaryIO]:
    """Yield a copy of a file from `start` on; raise ListeningFailed."""
    try:
        with tempfile.TemporaryFile(prefix="soundslike-", dir=folder) as rest:
            sound.seek(start)
            shutil.copyfileobj(sound, rest)
            rest.flush()
            yield rest
    except OSError as error:  # closing what could not be written fails, too
        raise ListeningFailed(f"a copy of the file failed: {error}") from error


def _decode(
    sound: BinaryIO, found: Format, limits: Limits, command: Command, cancellation: Cancellation
) -> bytes:
    descriptor = sound.fileno()
    # The position is shared with the process, and the file's buffer has to agree with it.
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        code, output = _run(command(found, limits), sound, limits, cancellation)
    finally:
        os.lseek(descriptor, position, os.SEEK_SET)
    if cancellation.is_cancelled:
        raise ListeningFailed("decoding was cancelled")
    if code == NOT_STARTED:
        raise ListeningFailed("the process that decodes sound could not start")
    if code == REFUSED:
        raise _reason(output, found.name)
    if code or not is_believable(output, found.name, limits):
        raise NotAudio(Problem.DAMAGED, found.name)
    if Decoded.from_bytes(output).seconds < limits.least_seconds:
        raise NotAudio(Problem.TOO_SHORT, found.name)
    return output


def _run(
    command: Sequence[str], sound: BinaryIO, limits: Limits, cancellation: Cancellation
) -> tuple[int, bytes]:
    """Return the exit code and the output of a process, which is ended when it passes a limit."""
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=sound,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries print warnings about files
            env=_environment(),
            bufsize=0,
            pipesize=PIPE_BYTES,
        )
    except OSError as error:
        raise ListeningFailed(f"the process that decodes sound could not start: {error}") from error
    timer = threading.Timer(limits.wall_seconds, process.kill)
    timer.start()
    output = bytearray()
    try:
        cancellation.started(process)
        if process.stdout is None:
            raise RuntimeError("a pipe was asked for")
        while part := process.stdout.read(READ_BYTES):
            output += part
            if len(output) > limits.output_bytes:
                break
        else:
            return process.wait(), bytes(output)  # the timer still runs
        return -1, b""
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
        timer.join()


def _environment() -> dict[str, str]:
    # Windows starts no program without it.
    root = os.environ.get("SYSTEMROOT")
    return {**ENVIRONMENT, **({"SYSTEMROOT": root} if root else {})}


def _reason(output: bytes, format_name: str) -> NotAudio:
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        return NotAudio(Problem(json.loads(output)["problem"]), format_name)
    return NotAudio(Problem.DAMAGED, format_name)


def is_believable(output: bytes, format_name: str, limits: Limits) -> bool:
    """Return whether output of the process is a sound of this format within the limits."""
    try:
        # What its types say may not be so: the head is JSON.
        decoded: Any = Decoded.from_bytes(output)
        (head,) = HEAD.unpack_from(output)
        shapes = [excerpt.shape for excerpt in decoded.excerpts]
        return bool(
            1 <= len(shapes) <= len(EXCERPT_PLACES)
            and all(frames >= 1 and 1 <= channels <= MAX_CHANNELS for frames, channels in shapes)
            and HEAD.size + head + sum(one.nbytes for one in decoded.excerpts) == len(output)
            and type(decoded.rate) is int
            and MIN_RATE <= decoded.rate <= MAX_RATE
            and decoded.seconds <= WHOLE_SECONDS + TOLERANCE_SECONDS
            and type(decoded.duration) is float
            and 0 < decoded.duration <= limits.sound_seconds + TOLERANCE_SECONDS
            and decoded.format == format_name
            and _is_tag(decoded.title)
            and _is_tag(decoded.artist)
            and all(bool(np.isfinite(excerpt).all()) for excerpt in decoded.excerpts)
        )
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error):
        return False
    except (RecursionError, MemoryError):
        return False


def _is_tag(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MAX_TAG_LENGTH and text.isprintable()
