"""Checks that the tagger that is set is there."""

from typing import Final

from bot.domain.errors import ConfigurationError
from bot.runtime.settings import Settings
from bot.texts import sound_check as words
from model.errors import NoBundle
from model.version_folders import VersionFolders

TAGGER: Final = "musicnn"
"""`model.sound.tagger_bundle.NAME`, whose import takes long."""


def check_tagger(settings: Settings) -> None:
    """Raise ConfigurationError if there is no tagger in TAGGERS_DIR."""
    if settings.taggers_dir is None:
        return
    try:
        VersionFolders(settings.taggers_dir).current(TAGGER)
    except NoBundle as error:
        problem = words.no_tagger(settings.taggers_dir)
        raise ConfigurationError(problem, {"TAGGERS_DIR": problem}) from error
