"""Pictures that `ask` writes: formats by the names of files, and what is said if one is missing."""

from pathlib import Path

import pytest

from bot import texts
from bot.cli.picture_files import PictureFiles
from bot.domain.cards import Theme
from bot.domain.pictures import PictureFormat
from bot.texts import commands


class Drawing:
    """Draws pictures that say how they were asked for; `broken` draws none."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    async def chart(self, theme: Theme) -> bytes | None:
        return None if self.broken else f"chart {theme}".encode()

    async def card(self, theme: Theme, format_: PictureFormat) -> bytes | None:
        return None if self.broken else f"{format_} {theme}".encode()


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.png", "png"), ("a.SVG", "svg"), ("a.b.pdf", "pdf"), ("a", "png")],
)
async def test_a_card_has_the_format_of_its_name(tmp_path: Path, name: str, format_: str) -> None:
    files = PictureFiles(card=tmp_path / name, theme=Theme.LIGHT)
    drawing = Drawing()
    assert files.problem is None
    assert await files.write(drawing.chart, drawing.card) is None
    assert (tmp_path / name).read_text() == f"{format_} light"


async def test_chart_and_card_are_both_written(tmp_path: Path) -> None:
    files = PictureFiles(tmp_path / "chart.png", tmp_path / "card.png")
    assert await files.write(Drawing().chart, Drawing().card) is None
    assert (tmp_path / "chart.png").read_text() == "chart dark"
    assert (tmp_path / "card.png").read_text() == "png dark"


async def test_without_names_nothing_is_drawn() -> None:
    drawing = Drawing(broken=True)
    assert await PictureFiles().write(drawing.chart, drawing.card) is None


@pytest.mark.parametrize("suffix", [".jpg", ".gif", ".svgz", ".txt"])
def test_another_format_of_a_card_is_refused_with_a_sentence(suffix: str) -> None:
    problem = PictureFiles(card=Path(f"card{suffix}")).problem
    assert problem
    assert problem.text == commands.card_format(suffix)
    assert suffix in problem.text


async def test_an_album_has_no_card(tmp_path: Path) -> None:
    problem = await PictureFiles(card=tmp_path / "a.png").write(Drawing().chart)
    assert problem
    assert problem.text == commands.CARD_OF_SONGS
    assert not (tmp_path / "a.png").exists()


async def test_a_picture_that_cannot_be_drawn_or_written_is_reported(tmp_path: Path) -> None:
    broken = Drawing(broken=True)
    problem = await PictureFiles(card=tmp_path / "a.png").write(broken.chart, broken.card)
    assert problem
    assert problem.text == texts.PICTURE_MISSING
    problem = await PictureFiles(tmp_path / "a.png").write(broken.chart, broken.card)
    assert problem
    assert problem.text == texts.CHART_MISSING
    missing = tmp_path / "none" / "a.png"
    problem = await PictureFiles(card=missing).write(Drawing().chart, Drawing().card)
    assert problem
    assert str(missing) in problem.text


async def test_each_missing_picture_is_named_and_the_other_is_written(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    both = await PictureFiles(missing / "a.png", missing / "b.png").write(
        Drawing().chart, Drawing().card
    )
    assert both
    assert "a.png" in both.text
    assert "b.png" in both.text
    one = await PictureFiles(missing / "a.png", tmp_path / "b.png").write(
        Drawing().chart, Drawing().card
    )
    assert one
    assert (tmp_path / "b.png").exists()
