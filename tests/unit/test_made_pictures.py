"""`make picture`: which pictures it makes, and that they are the same every time."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageStat

from bot.render import share
from tests.browser import discord_picture, picture, slack_picture
from tests.pictures import architecture, made, share_card
from tests.support.bot_process import ROOT

DRAWN = {
    "tests.browser.picture": [
        *(f"card-{theme}.png" for theme in picture.THEMES),
        *(f"{page}.png" for page in picture.PAGES),
    ],
    "tests.browser.discord_picture": [*discord_picture.WIDTHS],
    "tests.browser.slack_picture": [*slack_picture.WIDTHS],
    "tests.pictures.share_card": [share_card.NAME],
    "tests.pictures.architecture": [architecture.NAME],
}


def test_every_picture_of_the_documentation_is_made() -> None:
    files = {path.name for path in (ROOT / "docs").iterdir() if path.suffix in {".png", ".svg"}}
    files.remove("learning-curve.svg")  # `make bench-learning` draws it
    assert files == {name for names in DRAWN.values() for name in names}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\npicture:")[2]
    lines = recipe.partition("\n\n")[0].splitlines()[1:]
    assert [line.strip() for line in lines] == [f"$(BIN)/python -m {name} docs" for name in DRAWN]


@pytest.mark.parametrize("make", [made.avatar, made.person, made.cover])
def test_what_is_beside_a_card_is_a_square_png_and_the_same_each_time(
    make: Callable[[], bytes],
) -> None:
    file = make()
    assert file == make()
    with Image.open(io.BytesIO(file)) as image:
        assert (image.format, image.size) == ("PNG", (made.PIXELS, made.PIXELS))


async def test_picture_to_share_has_the_made_cover_and_is_the_same_each_time() -> None:
    first = await share_card.draw()
    assert first == await share_card.draw()
    scale = made.PIXELS / share.COVER
    left, right = 40, 350
    with Image.open(io.BytesIO(first)) as image, Image.open(io.BytesIO(made.cover())) as cover:
        near, far = round(share.MARGIN + left), round(share.MARGIN + right)
        shown = ImageStat.Stat(image.convert("RGB").crop((near, near, far, far))).mean
        near, far = round(left * scale), round(right * scale)
        expected = ImageStat.Stat(cover.convert("RGB").crop((near, near, far, far))).mean
    assert shown == pytest.approx(expected, abs=3)
