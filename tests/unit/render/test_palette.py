from itertools import product

import pytest

from bot.render.palette import PALETTES, Palette
from model.genres import WIDE

TEXT_AA = 4.5
GRAPHICS_AA = 3.0

palettes = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, 1-21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_colour_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@palettes
def test_text_contrast_is_aa_on_every_background(palette: Palette) -> None:
    for text, background in product(
        (palette.ink, palette.muted), (palette.background, palette.panel, palette.track)
    ):
        assert contrast(text, background) >= TEXT_AA, (text, background)


@palettes
def test_bar_and_outline_contrast_is_aa(palette: Palette) -> None:
    fills = (palette.plain, palette.neutral, *palette.accents.values())
    for fill, background in product(fills, (palette.background, palette.panel, palette.track)):
        assert contrast(fill, background) >= GRAPHICS_AA, (fill, background)


@palettes
def test_every_genre_has_a_distinct_colour(palette: Palette) -> None:
    assert set(palette.accents) == set(WIDE)
    assert len(set(palette.accents.values())) == len(WIDE)


@palettes
def test_genre_without_a_colour_is_neutral(palette: Palette) -> None:
    assert palette.accent("vaporwave") == palette.neutral


def test_dark_theme_is_light_on_dark_and_light_theme_the_reverse() -> None:
    for theme, palette in PALETTES.items():
        darker = luminance(palette.background) < luminance(palette.ink)
        assert darker == (theme == "dark")


@palettes
def test_colours_of_two_songs_are_legible_and_apart(palette: Palette) -> None:
    for colour in palette.pair:
        assert contrast(colour, palette.background) >= TEXT_AA
        assert contrast(colour, palette.panel) >= GRAPHICS_AA
    # Those of hip-hop and electronic, which stay apart in every colour blindness (genre_colours).
    assert palette.pair == (palette.accent("hip-hop"), palette.accent("electronic"))
