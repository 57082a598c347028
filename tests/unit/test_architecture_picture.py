"""The committed picture of the architecture shows the packages as they are."""

import ast
import re

from tests.pictures import architecture

PICTURE = architecture.ROOT / "docs" / architecture.NAME


def words_of(svg: bytes) -> list[bytes]:
    """Return the texts of the picture in drawing order; matplotlib keeps each as a comment."""
    return re.findall(rb"<!-- (.*?) -->", svg)


def test_the_committed_picture_is_the_one_that_the_script_draws() -> None:
    drawn = words_of(architecture.draw())
    assert drawn
    assert words_of(PICTURE.read_bytes()) == drawn, "run `make picture`"


def test_every_package_of_the_bot_is_in_the_picture() -> None:
    drawn = {name for row in architecture.BOT_ROWS for name in row}
    packages = {
        path.parent.relative_to(architecture.ROOT).as_posix()
        for pattern in ("bot/*/__init__.py", "bot/platforms/*/__init__.py")
        for path in architecture.ROOT.glob(pattern)
        if ast.parse(path.read_text("utf-8")).body
    }
    assert packages - {"bot/platforms"} == drawn
