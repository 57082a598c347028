"""The tagger that is set must be there when the bot starts."""

from pathlib import Path

import pytest

from bot.cli import check_sound
from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.errors import ConfigurationError
from bot.runtime.settings import Settings
from bot.runtime.sounds import sound_listener
from bot.runtime.taggers import TAGGER, check_tagger
from model.sound.tagger_bundle import NAME
from tests.support.taggers import save_tagger


def test_the_name_is_that_of_the_bundles() -> None:
    assert TAGGER == NAME


def test_a_folder_without_a_tagger_is_named(tmp_path: Path) -> None:
    loaded = Settings(taggers_dir=tmp_path)
    with pytest.raises(ConfigurationError, match="TAGGERS_DIR: there is no tagger in") as raised:
        sound_listener(loaded, TemporaryFiles(tmp_path))
    assert set(raised.value.problems) == {"TAGGERS_DIR"}
    assert (str(raised.value), False) in list(check_sound.findings(loaded))


def test_a_folder_with_a_tagger_is_fine(tmp_path: Path) -> None:
    save_tagger(tmp_path)
    for loaded in (Settings(taggers_dir=tmp_path), Settings()):
        check_tagger(loaded)
        assert not any("TAGGERS_DIR" in text for text, _ in check_sound.findings(loaded))
