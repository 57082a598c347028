"""Makes the fonts of the scripts that Figtree lacks: subsets of Noto Sans.

    python -m tests.pictures.fonts bot/render/fonts

Needs Noto Sans of Debian's package fonts-noto-core (version 20201225-1), in FOLDER. What is not
drawn with is left out: hints, and the tables by which glyphs are combined, as the pictures' text is
shaped before (`bot.render.lettering`). The files' dates are those of the originals, so that equal
fonts give equal bytes.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from fontTools import subset

FOLDER: Final = Path("/usr/share/fonts/truetype/noto")
WEIGHTS: Final = ("Regular", "Bold")

CHARACTERS: Final = {
    # Latin with its additions, Greek, Cyrillic, Vietnamese, punctuation, currencies
    "NotoSans": (
        range(0x20, 0x250),
        range(0x370, 0x400),
        range(0x400, 0x530),
        range(0x1E00, 0x1F00),
        range(0x2010, 0x2040),
        range(0x20A0, 0x20C0),
    ),
    # Without points, which are left out before drawing
    "NotoSansHebrew": (range(0x5BE, 0x600), range(0xFB1D, 0xFB50)),
    # Letters, and the forms that they have beside one another, with the ligatures of lam and alef
    "NotoSansArabic": (
        range(0x600, 0x700),
        range(0xFB50, 0xFC00),
        range(0xFDF2, 0xFDF3),
        range(0xFE70, 0xFF00),
    ),
    "NotoSansArmenian": (range(0x530, 0x590), range(0xFB13, 0xFB18)),
    "NotoSansGeorgian": (range(0x10A0, 0x1100), range(0x1C90, 0x1CC0)),
}

NAMES: Final = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
"""Ids of the names that stay: copyright, family, style, version, trademark and licence."""

UNUSED: Final = ("GSUB", "GPOS", "GDEF", "kern", "DSIG", "STAT", "MATH", "meta")


def write(folder: Path) -> Iterator[Path]:
    """Write the fonts to a folder; yield their files."""
    for family, ranges in CHARACTERS.items():
        for weight in WEIGHTS:
            name = f"{family}-{weight}.ttf"
            _write(FOLDER / name, folder / name, list(chain(*ranges)))
            yield folder / name


def _write(source: Path, target: Path, characters: Sequence[int]) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = NAMES
    options.glyph_names = False
    options.recalc_timestamp = False
    options.drop_tables += UNUSED
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    subset.save_font(font, target, options)


def main() -> None:
    """Write the fonts and print their sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for file in write(parser.parse_args().folder):
        sys.stdout.write(f"{file.stat().st_size:7} {file}\n")


if __name__ == "__main__":
    main()
