"""Covers are decoded in a confined process; what is no cover is none, and never an error."""

import base64
import io
import random
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from PIL import Image

from bot.render import png
from bot.render.cover import LIMITS, read_cover
from bot.render.cover_decoder import COVER_PIXELS, MAX_PIXELS, decode
from model.sound.limits import Limits

RED, BLUE = (200, 30, 30), (30, 30, 200)


def image(width: int = 64, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Return a red image with a blue middle."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    return made.convert(mode)


def encoded(made: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


@cache
def bomb() -> bytes:
    """Return a PNG that says it has 50 megapixels, which are all zero."""
    side = 7_100
    small = png.encode(Image.new("RGB", (1, 1)))
    head = small[16:29].replace(b"\0\0\0\1\0\0\0\1", side.to_bytes(4, "big") * 2, 1)
    rows = zlib.compress(bytes(side), 9)
    parts = [png._chunk(b"IHDR", head), png._chunk(b"IDAT", rows), png._chunk(b"IEND", b"")]
    return png.SIGNATURE + b"".join(parts)


def pixel(pixels: bytes, x: int, y: int) -> tuple[int, ...]:
    return tuple(pixels[3 * (y * COVER_PIXELS + x) :][:3])


def close(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


KINDS = {
    "jpeg": encoded(image(), "JPEG"),
    "progressive jpeg": encoded(image(900, 900), "JPEG", progressive=True),
    "cmyk jpeg": encoded(image(mode="CMYK"), "JPEG"),
    "png": encoded(image(), "PNG"),
    "palette": encoded(image().quantize(8), "PNG"),
    "webp": encoded(image(), "WEBP", lossless=True),
    "gif": encoded(image(), "GIF"),
    "animated gif": encoded(
        image(), "GIF", save_all=True, append_images=[Image.new("RGB", (64, 64), "green")]
    ),
    "animated webp": encoded(
        image(), "WEBP", save_all=True, append_images=[Image.new("RGB", (64, 64), "green")]
    ),
    "thumbnail of a video": encoded(image(480, 360), "JPEG"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_frame_of_each_format_is_decoded(kind: str) -> None:
    pixels = decode(KINDS[kind])
    assert len(pixels) == LIMITS.output_bytes
    middle = COVER_PIXELS // 2
    assert close(pixel(pixels, middle, middle), BLUE)
    assert close(pixel(pixels, 4, 4), RED)


def test_a_transparent_image_has_a_background() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 255, 255, 0))
    assert pixel(decode(encoded(clear, "PNG")), 9, 9) == (128, 128, 128)


NO_COVERS = {
    "nothing": b"",
    "text": b"<html>Not found</html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "bmp": encoded(image(), "BMP"),
    "a pixel": encoded(image(1, 1), "PNG"),
    "very wide": encoded(image(3_000, 40), "PNG"),
    "half a png": KINDS["png"][:-60],
    "half a jpeg": KINDS["progressive jpeg"][:900],
    "a head alone": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("kind", NO_COVERS)
def test_what_is_no_cover_is_refused(kind: str) -> None:
    with pytest.raises((ValueError, OSError, SyntaxError)):
        decode(NO_COVERS[kind])


def test_an_image_of_50_megapixels_is_refused_before_it_is_decoded() -> None:
    assert MAX_PIXELS < 7_100**2
    with pytest.raises(ValueError, match="no cover"):
        decode(bomb())


def test_damaged_images_end_in_an_image_or_an_error() -> None:
    chance = random.Random(7)  # noqa: S311 - the same damage each time
    for kind in sorted(KINDS):
        for _ in range(12):
            damaged = bytearray(KINDS[kind])
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(8, len(damaged))] = chance.randrange(256)
            try:
                pixels = decode(bytes(damaged[: chance.randint(12, len(damaged))]))
            except Exception:  # noqa: BLE001, S112 - the process reports any as no cover
                continue
            assert len(pixels) == LIMITS.output_bytes


@pytest.mark.parametrize("kind", ["cmyk jpeg", "palette", "webp", "gif"])
def test_a_process_decodes_what_is_embedded_as_another_file(kind: str) -> None:
    found = read_cover(KINDS[kind])
    assert found
    assert base64.b64decode(found) != KINDS[kind]
    with Image.open(io.BytesIO(base64.b64decode(found))) as decoded:
        assert (decoded.format, decoded.size) == ("JPEG", (COVER_PIXELS, COVER_PIXELS))
    assert read_cover(KINDS[kind]) == found


@pytest.mark.parametrize("data", [b"", NO_COVERS["half a png"], bomb()])
def test_a_process_that_finds_no_cover_says_so(data: bytes) -> None:
    assert read_cover(data) is None


def test_a_file_that_is_too_long_is_not_decoded() -> None:
    assert read_cover(bytes(LIMITS.file_bytes + 1)) is None


@pytest.mark.parametrize(
    "program",
    [
        "pass",
        "raise SystemExit(1)",
        "import os; os.abort()",
        "import sys; sys.stdin.read(); sys.stdout.write('x' * 10)",
        "import sys; sys.stdin.read(); sys.stdout.write('x' * 10_000_000)",
        "import time; time.sleep(60)",
        "import sys, time; sys.stdin.buffer.read(); time.sleep(60)",
    ],
)
def test_a_process_that_fails_hangs_or_writes_garbage_ends_without_a_cover(program: str) -> None:
    def command(_: Limits) -> Sequence[str]:
        return [sys.executable, "-I", "-S", "-c", program]

    limits = replace(LIMITS, wall_seconds=0.5)
    assert read_cover(bytes(200_000), limits, command=command) is None


def test_a_process_that_cannot_be_started_gives_no_cover() -> None:
    assert read_cover(KINDS["png"], command=lambda _: ["/nonexistent"]) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is kept on Linux")
def test_the_process_is_confined_before_it_decodes() -> None:
    assert read_cover(KINDS["png"], replace(LIMITS, memory_bytes=1 << 20)) is None
