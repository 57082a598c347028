"""Each card to share is drawn once, in the format that is asked for."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from bot.domain.cards import Answer, Theme
from bot.domain.pictures import PictureFormat
from bot.render.renderer import ChartRenderer
from bot.render.scene import Photo, Scene
from bot.render.share_pictures import SharePictures
from tests.unit.render.test_share import jpeg

MakeAnswer = Callable[..., Answer]
COVER = b"a cover"
STARTS = {PictureFormat.PNG: b"\x89PNG", PictureFormat.SVG: b"<svg ", PictureFormat.PDF: b"%PDF-"}


class Drawing:
    """Counts what is decoded and painted; `damaged` covers are none."""

    def __init__(self) -> None:
        self.read: list[bytes] = []
        self.painted: list[Scene] = []
        self.damaged = False
        self.threads: set[str] = set()

    def read_cover(self, data: bytes) -> str | None:
        self.read.append(data)
        self.threads.add(threading.current_thread().name)
        return None if self.damaged else jpeg("#00ff00")

    def paint(self, scene: Scene) -> bytes:
        self.painted.append(scene)
        return b"a picture"


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


@pytest.fixture
def pictures(drawing: Drawing) -> Iterator[SharePictures]:
    made = SharePictures(drawing.paint, drawing.read_cover)
    yield made
    made.close()


async def test_equal_pictures_share_a_drawing_and_a_cover(
    pictures: SharePictures, drawing: Drawing, make_answer: MakeAnswer
) -> None:
    async def draw() -> bytes:
        return await pictures.draw(make_answer(), {}, COVER, Theme.DARK, PictureFormat.PNG)

    assert set(await asyncio.gather(draw(), draw(), draw())) == {b"a picture"}
    await draw()
    assert (len(drawing.painted), drawing.read) == (1, [COVER])
    assert threading.current_thread().name not in drawing.threads
    await pictures.draw(make_answer(), {"jazz": 1}, COVER, Theme.DARK, PictureFormat.PNG)
    assert (len(drawing.painted), drawing.read) == (2, [COVER])


@pytest.mark.parametrize("cover", [None, COVER])
async def test_without_a_cover_that_can_be_decoded_it_is_drawn_without(
    pictures: SharePictures, drawing: Drawing, make_answer: MakeAnswer, cover: bytes | None
) -> None:
    drawing.damaged = True
    assert await pictures.draw(make_answer(), {}, cover, Theme.DARK, PictureFormat.PNG)
    assert not any(isinstance(shape, Photo) for shape in drawing.painted[0].shapes)


@pytest.mark.parametrize("format_", PictureFormat)
async def test_the_renderer_draws_each_format(
    make_answer: MakeAnswer, format_: PictureFormat
) -> None:
    with ChartRenderer(processes=0) as renderer:
        made = await renderer.share(make_answer(), {"jazz": 2}, b"no image", Theme.LIGHT, format_)
    assert made.startswith(STARTS[format_])
