"""Builds what answers sound files alone: with no service of music, no model of figures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.domain.picture_ports import Renderer, SharePainter
from bot.render.chart_files import ChartFiles
from bot.render.renderer import ChartRenderer
from bot.runtime.composition import stores
from bot.runtime.settings import Settings
from bot.runtime.sounds import sound_listener, temporary_files
from bot.services.listen import ListenService


@dataclass(frozen=True, slots=True)
class OpenedListening:
    """What answers sound files, and what draws their charts and the cards to share."""

    listen: ListenService
    renderer: Renderer
    painter: SharePainter


@asynccontextmanager
async def open_listening(settings: Settings) -> AsyncIterator[OpenedListening]:
    """Build what answers sound files; close all it uses on exit.

    No connection is opened but to the database, which is a file unless it is set otherwise.

    Raises:
        ConfigurationError: There is no tagger in TAGGERS_DIR.
        StorageFailed: The database cannot be opened.
    """
    files = temporary_files(settings)
    async with stores(settings) as opened, sound_listener(settings, files) as listener:
        with ChartRenderer(ChartFiles(settings.data_dir / "charts")) as renderer:
            listen = ListenService(listener, opened.predictions, files)
            yield OpenedListening(listen, renderer, renderer)
