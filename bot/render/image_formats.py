"""Converts charts, which are drawn as PNG, to other image formats."""

import io
from collections.abc import Mapping
from typing import Any, Final

PNG: Final = "PNG"

FORMATS: Final[Mapping[str, str]] = {
    "": PNG,
    ".png": PNG,
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
}
"""Pillow's name of the format of a file, by the suffix in lower case."""

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "JPEG": {"quality": 95, "subsampling": 0},  # coloured text blurs with fewer colour samples
    "WEBP": {"lossless": True},
}


def is_supported(suffix: str) -> bool:
    """Return whether charts can be written to files with this suffix, such as ".jpg"."""
    return suffix.lower() in FORMATS


def convert(png: bytes, suffix: str) -> bytes:
    """Return a chart in the format of the files with this suffix, which must be supported."""
    target = FORMATS[suffix.lower()]
    if target == PNG:
        return png
    # Pillow takes 50 ms to import, and PNG needs none of it.
    from PIL import Image  # noqa: PLC0415

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(out, target, **OPTIONS[target])
    return out.getvalue()
