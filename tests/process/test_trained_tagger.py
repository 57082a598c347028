"""A tagger that was trained is used where it is set, and the shipped one everywhere else."""

import csv
import json
from pathlib import Path

import pytest

from model.sound.tagger_bundle import NAME, TaggerStore
from tests.process.conftest import Run
from tests.support import sounds
from tests.support.trained_taggers import save_trained


@pytest.fixture
def song(tmp_path: Path) -> Path:
    (tmp_path / "Music").mkdir()
    return sounds.write(tmp_path / "Music" / "song.wav", 4)


@pytest.fixture
def version(tmp_path: Path) -> str:
    """Return the version of a tagger in the folder `trained`, which hears reggae."""
    return save_trained(tmp_path / "trained")


def genre(folder: Path) -> str:
    """Return the genre in the table that `listen` wrote."""
    with (folder / "table.csv").open(newline="", encoding="utf-8") as file:
        return next(csv.DictReader(file))["genre"]


async def test_the_bot_uses_the_tagger_in_its_folder(run: Run, song: Path, version: str) -> None:
    done = await run("soundslike", "ask", str(song), "--json", TAGGERS_DIR="trained")
    found = json.loads(done.out)
    assert found["heard"]["model"] == {"name": NAME, "version": version}
    assert found["genres"][0]["genre"] == "reggae"


async def test_without_a_setting_the_shipped_one_is_used(
    run: Run, song: Path, version: str
) -> None:
    done = await run("soundslike", "ask", str(song), "--json")
    used = json.loads(done.out)["heard"]["model"]["version"]
    assert used == TaggerStore().current(NAME) != version


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("program", ["model", "soundslike"])
async def test_listen_uses_the_tagger_that_is_named(
    run: Run, song: Path, tmp_path: Path, program: str
) -> None:
    arguments = (program, "listen", song.parent.name, "--out", "table.csv", "--again")
    for options, variables, reggae in (
        (["--taggers", "trained"], {}, True),
        ([], {"TAGGERS_DIR": "trained"}, True),
        ([], {}, False),
    ):
        done = await run(*arguments, *options, **variables)
        assert done.code == 0, done.err
        assert (genre(tmp_path) == "reggae") is reggae


async def test_a_folder_without_a_tagger_is_a_sentence(run: Run, song: Path) -> None:
    done = await run("soundslike", "ask", str(song), "--json", TAGGERS_DIR="nowhere")
    assert done.code != 0
    assert "TAGGERS_DIR: there is no tagger in nowhere" in done.out + done.err
    assert "Traceback" not in done.err
    done = await run("model", "listen", "Music", "--out", "table.csv", "--taggers", "nowhere")
    assert done.code == 1
    assert done.err.count("\n") == 1
