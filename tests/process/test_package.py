"""The wheel: installed into an environment of its own, it answers, and keeps its files."""

import asyncio
import email
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import soundslike
from model.schema import CORE
from model.sound.tagger_bundle import SHIPPED as TAGGERS
from model.store import SHIPPED
from tests.conftest import ROOT
from tests.process.conftest import CLOSED_PORT_URL, TIMEOUT, Completed, free_port
from tests.support import environments
from tests.support.bot_process import SOURCES

Call = Callable[..., Awaitable[Completed]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder)]
    environments.pip([*build, str(ROOT)], folder)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel beside what it requires itself; return the folder of the programs."""
    folder = tmp_path_factory.mktemp("environment")
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    requirements = map(Requirement, metadata.get_all("Requires-Dist", ()))
    base = [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
    environments.create(folder, environments.required(base).values())
    target = ["--python", str(folder / "bin" / "python")]
    environments.pip([*target, "install", "--no-deps", "--no-index", str(wheel)], folder)
    return folder / "bin"


@pytest.fixture
def call(installed: Path, tmp_path: Path) -> Call:
    """Return a function that runs `soundslike ARGUMENTS...` in an empty home folder."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()

    async def start(*arguments: str, stdin: bytes = b"", **variables: str) -> Completed:
        process = await asyncio.create_subprocess_exec(
            installed / "soundslike",
            *arguments,
            cwd=here,
            env={
                "HOME": str(home),
                "PATH": os.defpath,
                **dict.fromkeys(SOURCES, CLOSED_PORT_URL),
                **variables,
            },
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(TIMEOUT):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        assert list(here.iterdir()) == []
        return Completed(process.returncode, out.decode(), err.decode())

    return start


def settings_of(home: Path) -> Path:
    return home / ".config" / "soundslike" / ".env"


async def test_version(call: Call) -> None:
    done = await call("--version")
    assert (done.code, done.out) == (0, f"soundslike {soundslike.__version__}\n")


async def test_a_question_is_answered_and_data_are_in_the_users_folder(
    call: Call, tmp_path: Path
) -> None:
    done = await call("ask", "Old", "Town", "Road", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["genres"][0]["genre"] == "hip-hop"
    folder = tmp_path / "home" / ".local" / "share" / "soundslike"
    assert {"soundslike.db", "user-hash.key"} <= {path.name for path in folder.iterdir()}


async def test_a_chart_is_drawn_with_the_fonts_of_the_wheel(call: Call, tmp_path: Path) -> None:
    chart, card = tmp_path / "chart.jpg", tmp_path / "card.pdf"
    done = await call("ask", "heroes", "--chart", str(chart), "--card", str(card))
    assert done.code == 0, done.err
    assert chart.read_bytes().startswith(b"\xff\xd8\xff")
    assert card.read_bytes().startswith(b"%PDF-")


async def test_settings_are_read_from_the_users_folder(call: Call, tmp_path: Path) -> None:
    done = await call("check")
    assert f"{settings_of(tmp_path / 'home')} does not exist" in done.out
    assert "soundslike run" in done.out
    settings_of(tmp_path / "home").write_text("MODEL=study\n")
    assert "✓ Model: study" in (await call("check")).out


async def test_tables_are_classified(call: Call) -> None:
    table = f"{','.join(CORE)}\n{','.join(['0.5'] * 7)},120\n"
    done = await call("predict", "-", "-", stdin=table.encode())
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 2


async def test_the_other_verbs_do_what_they_do_in_a_clone(call: Call) -> None:
    links = await call("links", stdin=b"spotify:track:2YpeDb67231RjR0MgVLzsG\n")
    assert json.loads(links.out)["tracks"] == ["2YpeDb67231RjR0MgVLzsG"]
    assert (await call("health")).code == 1
    assert "manifest_yaml" in (await call("invite", "--slack")).out
    assert (await call("invite")).code == 78


@pytest.mark.parametrize("verb", ["fit", "study", "publish"])
async def test_training_without_its_packages_names_the_extra(call: Call, verb: str) -> None:
    done = await call("train", verb, *(["store"] if verb == "publish" else []))
    assert done.code == 69
    assert "soundslike[train]" in done.err
    assert len(done.err.splitlines()) == 1


async def test_run_serves_the_page_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        installed / "soundslike",
        "run",
        env={"HOME": str(tmp_path), "PATH": os.defpath, "WEB_PORT": str(port)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(TIMEOUT):
            line = await process.stdout.readline()
            assert line.decode() == f"Web: http://127.0.0.1:{port}\n"
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            page = await reader.read()
            writer.close()
        assert b"<title>" in page
    finally:
        process.terminate()
        await process.communicate()


def test_what_is_no_code_travels_in_the_wheel(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    bundles = {f"model/bundles/{path.relative_to(SHIPPED)}" for path in SHIPPED.rglob("*.onnx")}
    assert bundles
    taggers = {
        f"model/taggers/{path.relative_to(TAGGERS)}"
        for path in TAGGERS.rglob("*")
        if path.is_file()
    }
    assert {Path(name).name for name in taggers} >= {
        "msd.onnx",
        "mtt.onnx",
        "LICENSE.md",
        "current",
    }
    assert names >= bundles | taggers | {
        "model/sound/tag_genres.toml",
        "bot/render/fonts/Figtree-Bold.ttf",
        "bot/render/fonts/NotoSansArabic-Bold.ttf",
        "bot/platforms/web/templates/chat.html",
        "bot/sources/songs.json",
        "bot/cli/slack-manifest.yaml",
        "training/taxonomy.toml",
    }
    assert not {name for name in names if name.startswith(("tests/", "var/", "docs/"))}


async def test_databases_and_stores_name_the_extra_that_they_need(call: Call) -> None:
    done = await call("ask", "heroes", DATABASE_URL="postgresql://me@127.0.0.1:1/x")
    assert done.code == 1
    assert "soundslike[postgres]" in done.err
    done = await call("check", MODEL_STORE="s3://nowhere/models")
    assert "soundslike[s3]" in done.out


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
async def test_closed_streams_are_no_fault(installed: Path, tmp_path: Path, closed: str) -> None:
    process = await asyncio.create_subprocess_shell(
        f"{installed / 'soundslike'} ask heroes {closed}",
        env={"HOME": str(tmp_path), "PATH": os.defpath},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out or closed == ">&-"
