from collections.abc import Mapping
from itertools import combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from model.genres import STUDY, WIDE
from training.study.report.colours import MAX_SHADE_OPACITY, load_colours, of_genre, variables

TEXT = 4.5
MARK = 3.0
APART = 0.1
"""Minimum distance in OKLab of two colours that are clearly distinguishable."""

VISION = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""Matrices on linear RGB for severity 1.0; Machado, Oliveira and Fernandes 2009."""

themes = pytest.mark.parametrize("theme", ["light", "dark"])


Colour = npt.NDArray[np.float64]


def linear(colour: str) -> Colour:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    low, high = sorted(float(one @ [0.2126, 0.7152, 0.0722]) for one in (first, second))
    return (high + 0.05) / (low + 0.05)


def oklab(colour: Colour) -> Colour:
    cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]
    lab = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    return np.array(lab) @ np.cbrt(np.array(cones) @ colour)


def mixed(over: str, under: str, opacity: float) -> Colour:
    """Blend one colour over another as browsers do, in sRGB without gamma correction."""
    parts = [
        round(int(over[at : at + 2], 16) * opacity + int(under[at : at + 2], 16) * (1 - opacity))
        for at in (1, 3, 5)
    ]
    return linear("#" + "".join(f"{part:02x}" for part in parts))


def on(theme: Mapping[str, Any]) -> list[Colour]:
    return [linear(theme["background"]), linear(theme["panel"])]


@themes
@pytest.mark.parametrize("name", ["ink", "muted", "accent", "warm", "good", "bad"])
def test_text_has_enough_contrast(theme: str, name: str) -> None:
    colours = load_colours()[theme]

    assert min(contrast(linear(colours[name]), below) for below in on(colours)) >= TEXT


@themes
@pytest.mark.parametrize("genre", WIDE)
def test_genre_colours_have_enough_contrast(theme: str, genre: str) -> None:
    colours = load_colours()[theme]

    assert min(contrast(linear(colours["genres"][genre]), below) for below in on(colours)) >= MARK


@themes
@pytest.mark.parametrize("shade", ["accent", "warm"])
def test_text_has_enough_contrast_on_the_strongest_shade(theme: str, shade: str) -> None:
    colours = load_colours()[theme]

    for below in (colours["background"], colours["panel"]):
        cell = mixed(colours[shade], below, MAX_SHADE_OPACITY)
        assert contrast(linear(colours["ink"]), cell) >= TEXT


@themes
@pytest.mark.parametrize("vision", VISION)
def test_three_genres_are_distinguishable_with_colour_blindness(theme: str, vision: str) -> None:
    colours = load_colours()[theme]["genres"]
    seen = {
        genre: oklab(np.clip(np.array(VISION[vision]) @ linear(colours[genre]), 0, 1))
        for genre in STUDY
    }

    for first, second in combinations(STUDY, 2):
        assert np.linalg.norm(seen[first] - seen[second]) >= APART, (first, second)


def test_every_genre_colour_is_a_css_variable() -> None:
    for theme, genre in product(load_colours().values(), WIDE):
        name = of_genre(genre).removeprefix("var(").split(",")[0]
        assert f"{name}:{theme['genres'][genre]};" in variables(theme)


def test_unknown_genre_is_muted() -> None:
    assert of_genre("polka") == "var(--genre-polka, var(--muted))"
