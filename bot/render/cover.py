"""Decodes covers in a process of its own, which is confined and is not trusted.

Covers come from outside, and libraries in C read them. They run in `bot.render.cover_decoder`, a
fresh process for each cover. It returns bare pixels of a known size, in which no library can find
anything; the JPEG that pictures embed is made of them here.
"""

import base64
import io
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Final

from PIL import Image

from bot.render.cover_decoder import COVER_PIXELS
from model import fresh_process
from model.sound.limits import Limits

LIMITS: Final = Limits(
    file_bytes=4 << 20,
    wall_seconds=5.0,
    cpu_seconds=4,
    memory_bytes=640 << 20,
    output_bytes=3 * COVER_PIXELS**2,
)
"""What decoding one cover may take."""

QUALITY: Final = 90
"""Quality of the JPEG, which then has about 60 kB."""

Command = Callable[[Limits], Sequence[str]]
"""Returns the command line of the process that decodes a cover."""


def decoder_command(limits: Limits) -> list[str]:
    """Return the command line of `bot.render.cover_decoder`."""
    return fresh_process.command("bot.render.cover_decoder", str(os.getpid()), limits.to_json())


def read_cover(
    data: bytes, limits: Limits = LIMITS, *, command: Command = decoder_command
) -> str | None:
    """Return a cover as a JPEG of COVER_PIXELS squared, in base 64; None if it cannot be decoded.

    Blocks for 0.2 s, and for up to `limits.wall_seconds`. For use by several threads. Raises
    nothing for any data: a picture is drawn without a cover then.

    Args:
        data: The image as it was fetched: JPEG, PNG, WebP or GIF.
        limits: What decoding may take.
        command: What is run; another one in tests.
    """
    if not data or len(data) > limits.file_bytes:
        return None
    try:
        pixels = _run(command(limits), data, limits)
    except OSError:  # no process can be started
        return None
    if len(pixels) != limits.output_bytes:
        return None
    out = io.BytesIO()
    size = (COVER_PIXELS, COVER_PIXELS)
    Image.frombytes("RGB", size, pixels).save(out, "JPEG", quality=QUALITY, subsampling=0)
    return base64.b64encode(out.getvalue()).decode()


def _run(command: Sequence[str], data: bytes, limits: Limits) -> bytes:
    """Return the first bytes of a process's output, empty if it failed; it is always ended."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries print warnings about files
        env=_environment(),
        bufsize=0,
    )
    timer = threading.Timer(limits.wall_seconds, process.kill)
    timer.start()
    try:
        # It reads all before it writes, and is killed if it does neither.
        pixels = _exchange(process, data, limits.output_bytes)
        return pixels if process.wait() == 0 else b""
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        timer.join()


def _exchange(process: "subprocess.Popen[bytes]", data: bytes, most: int) -> bytes:
    """Send a process all of its input; return its output, or a byte more than `most` of it."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("pipes were asked for")
    output = bytearray()
    with process.stdin as target, process.stdout as source:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[target.write(rest) or 0 :]
        except BrokenPipeError:  # it ended before it had read everything
            return b""
        target.close()
        while len(output) <= most and (part := source.read(most + 1 - len(output))):
            output += part
    return bytes(output)


def _environment() -> dict[str, str]:
    # Windows starts no program without it.
    root = os.environ.get("SYSTEMROOT")
    return {"SYSTEMROOT": root} if root else {}
