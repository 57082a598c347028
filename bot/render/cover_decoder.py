"""The process that decodes a cover: reads the file from descriptor 0, writes pixels to 1.

`bot.render.cover` starts it. It confines itself first (`model.sound.sandbox`), because libraries in
C read what strangers may have made. It ends with exit code 0 and the pixels of a square of
COVER_PIXELS, three bytes each, or with another code and nothing.
"""

import io
import os
from typing import Final

from PIL import Image, ImageOps, WebPImagePlugin

from bot.domain.image_kinds import image_kind
from model.sound.limits import Limits
from model.sound.sandbox import confine, end_with_parent

COVER_PIXELS: Final = 480
"""Width and height of a decoded cover."""

MAX_PIXELS: Final = 25_000_000
"""Pixels of a cover; those of more are not decoded. Decoding takes up to twelve bytes for one."""

MIN_SIDE: Final = 32
"""Pixels of the shorter side; smaller ones are no covers but spacers."""

MAX_RATIO: Final = 2.5
"""Longer side to the shorter one; of longer images, the middle says nothing."""

READ_BYTES: Final = 1 << 18
BACKGROUND: Final = "#808080"
"""Colour behind a transparent image, of which any theme may show."""

FORMATS: Final = ("JPEG", "PNG", "GIF", WebPImagePlugin.WebPImageFile.format)
"""Pillow's names of the formats that are read, the last of which Pillow imports late."""

DAMAGED: Final = 3
"""Exit code for what cannot be decoded, and is no cover."""


def main(parent: str, limits_json: str) -> None:
    """Decode the cover on descriptor 0.

    Args:
        parent: Process id of the parent.
        limits_json: Limits as JSON.
    """
    end_with_parent(int(parent))
    limits = Limits.from_json(limits_json)
    Image.preinit()  # imports what reads JPEG, PNG and GIF; later no file can be opened
    confine(limits)
    try:
        pixels, code = decode(_read(limits.file_bytes)), 0
    except Exception:  # noqa: BLE001 - libraries raise more than they say; a file is at fault
        pixels, code = b"", DAMAGED
    written = 0
    while written < len(pixels):
        written += os.write(1, pixels[written:])
    os._exit(code)


def decode(data: bytes) -> bytes:
    """Return the pixels of a cover: the middle of its first frame, scaled, without transparency.

    Raises ValueError for what is no cover, and any exception of Pillow for a damaged file.
    """
    kind = image_kind(data)
    if kind not in FORMATS:
        raise ValueError("no image")
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        if not is_cover(*image.size):
            raise ValueError("no cover")
        # A JPEG is decoded in the smallest size that is large enough.
        image.draft("RGB", (COVER_PIXELS, COVER_PIXELS))
        size = (COVER_PIXELS, COVER_PIXELS)
        return ImageOps.fit(_opaque(image), size, Image.Resampling.BICUBIC).tobytes()


def is_cover(width: int, height: int) -> bool:
    """Return whether an image of this size is decoded."""
    short, long = sorted((width, height))
    return short >= MIN_SIDE and long <= MAX_RATIO * short and width * height <= MAX_PIXELS


def _opaque(image: Image.Image) -> Image.Image:
    """Return an image in RGB, with a background behind what is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    canvas = Image.new("RGB", layer.size, BACKGROUND)
    canvas.paste(layer, mask=layer.getchannel("A"))
    return canvas


def _read(most: int) -> bytes:
    data = bytearray()
    while part := os.read(0, READ_BYTES):
        data += part
        if len(data) > most:
            raise ValueError("too long")
    return bytes(data)
