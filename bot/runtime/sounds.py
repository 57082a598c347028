"""Builds what listens to sounds, and says where their files are."""

import logging
from functools import partial
from typing import Final

from bot.concurrency.temporary_files import TemporaryFiles
from bot.listening.hearing import Hearing
from bot.listening.listener import SoundListener
from bot.runtime.settings import Settings
from bot.texts import operator
from model.sound import decoding

FOLDER: Final = "sounds"
"""In the data folder, as a temporary folder may be small, or in memory."""

_log = logging.getLogger(__name__)


def temporary_files(settings: Settings) -> TemporaryFiles:
    """Return where sounds are fetched to; the temporary folder if the data folder is read-only."""
    folder = settings.data_dir / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        _log.warning(operator.no_sound_folder(folder, error))
        return TemporaryFiles()
    return TemporaryFiles(folder)


def sound_listener(files: TemporaryFiles) -> SoundListener:
    """Return what listens; if it has to copy a file, the copy is where the others are."""
    return SoundListener(partial(Hearing, partial(decoding.decode, folder=files.folder)))
