"""Makes what listens to sounds, with the tagger that is set."""

from functools import partial
from typing import Final

from bot.domain.errors import ConfigurationError
from bot.listening.hearing import Hearing, start_worker
from bot.listening.listener import SoundListener
from bot.runtime.settings import Settings
from bot.texts import operator
from model.errors import BundleError
from model.version_folders import VersionFolders

TAGGER: Final = "musicnn"
"""`model.sound.tagger_bundle.NAME`, whose import takes long."""


def sound_listener(settings: Settings) -> SoundListener:
    """Return what listens, with the tagger in TAGGERS_DIR or the shipped one.

    Raises:
        ConfigurationError: There is no tagger in TAGGERS_DIR.
    """
    check_tagger(settings)
    return SoundListener(partial(Hearing, start=partial(start_worker, settings.taggers_dir)))


def check_tagger(settings: Settings) -> None:
    """Raise ConfigurationError if there is no tagger in TAGGERS_DIR."""
    if settings.taggers_dir is None:
        return
    try:
        VersionFolders(settings.taggers_dir).current(TAGGER)
    except BundleError as error:
        problem = operator.no_tagger(settings.taggers_dir)
        raise ConfigurationError(problem, {"TAGGERS_DIR": problem}) from error
