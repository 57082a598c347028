"""`python -m bot`: the verbs, their JSON and their exit codes."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from model.genres import STUDY, WIDE
from model.schema import CORE, NAMES
from model.store import SHIPPED
from tests.process.conftest import Done, Run
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from tests.support.loopback import Loopback

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
STRANGER = "5CQ30WqJwcep0pYcV4AMNc"


def answer(done: Done) -> dict[str, Any]:
    """Return the answer of `ask --json`."""
    assert done.code == 0, done
    assert done.err == ""
    found: dict[str, Any] = json.loads(done.out)
    return found


def failure(done: Done) -> str:
    """Return the code of an `ask --json` that failed; its sentence is for people."""
    assert done.code == 1, done
    error = json.loads(done.out)["error"]
    assert set(error) == {"code", "message"}
    assert "Traceback" not in done.err
    assert error["message"].endswith((".", "?"))
    return str(error["code"])


async def test_links_answers_line_by_line_and_fetches_nothing(run: Run) -> None:
    text = f"{LINK} spotify:album:{OLD_TOWN_ROAD}\nnothing\n\nhttps://spotify.link/x\n\xff\n"
    done = await run("bot", "links", stdin=text.encode("latin-1"))
    rows = [json.loads(line) for line in done.out.splitlines()]
    nothing: dict[str, list[str]] = {"tracks": [], "others": [], "short": []}
    assert rows == [
        {
            "tracks": [OLD_TOWN_ROAD],
            "others": [{"kind": "album", "id": OLD_TOWN_ROAD}],
            "short": [],
        },
        nothing,
        nothing,
        {"tracks": [], "others": [], "short": ["https://spotify.link/x"]},
        nothing,
    ]


async def test_ask_answers_offline_for_a_famous_song(run: Run) -> None:
    said = answer(await run("bot", "ask", LINK, "--json"))
    chances = [row["probability"] for row in said["genres"]]
    assert {row["genre"] for row in said["genres"]} == set(WIDE)
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-6)
    assert said["track"]["id"] == OLD_TOWN_ROAD
    assert "Old Town Road" in said["track"]["title"]
    assert "Lil Nas X" in said["track"]["artists"]
    assert said["track"]["url"] == LINK
    assert said["verdict"] in {"clear", "close", "unsure"}
    assert 2 <= len(said["why"]) <= 3
    assert set(CORE) <= set(said["features"]) <= set(NAMES)
    assert said["missing"] == []
    assert said["source"] == "sample"
    assert said["model"]["name"] == "wide"


async def test_ask_takes_a_title_and_another_model(run: Run) -> None:
    said = answer(await run("bot", "ask", "heroes - david bowie", "--json", "--model", "study"))
    assert {row["genre"] for row in said["genres"]} == set(STUDY)
    assert said["model"]["name"] == "study"
    assert "Heroes" in said["track"]["title"]


async def test_ask_writes_the_card_as_text_and_the_chart_as_a_picture(
    run: Run, tmp_path: Path
) -> None:
    chart = tmp_path / "chart.png"
    done = await run("bot", "ask", LINK, "--chart", str(chart))
    assert done.code == 0
    assert "Old Town Road" in done.out
    assert "Why:" in done.out
    assert chart.read_bytes().startswith(b"\x89PNG")
    again = tmp_path / "again.png"
    await run("bot", "ask", LINK, "--chart", str(again), PYTHONHASHSEED="7")
    assert again.read_bytes() == chart.read_bytes()


async def test_ask_looks_up_what_is_not_in_the_sample(run: Run, loopback: Loopback) -> None:
    href = f"https://open.spotify.com/track/{STRANGER}"
    track = {"id": "u", "href": href, "trackTitle": "Stranger", "durationMs": 200_000,
             "artists": [{"name": "Somebody"}], "isrc": "X"}  # fmt: skip
    measured = {name: VALUES[name] for name in NAMES if name != "duration_ms"}
    loopback.json("/v1/track", {"content": [track]})
    loopback.json("/v1/audio-features", {"content": [{"id": "u", "href": href, **measured}]})
    said = answer(await run("bot", "ask", href, "--json", RECCOBEATS_URL=loopback.url))
    assert said["track"]["title"] == "Stranger"
    assert said["source"] == "reccobeats"
    assert said["features"] == measured | {"duration_ms": 200_000.0}
    assert said["missing"] == []
    assert [request.path for request in loopback.requests] == ["/v1/track", "/v1/audio-features"]


async def test_ask_says_when_nobody_measured_the_track(run: Run, loopback: Loopback) -> None:
    loopback.json("/v1/track", {"content": []})
    loopback.json("/v1/audio-features", {"content": []})
    loopback.json("/oembed", {"title": "Brand New"})
    urls = {"RECCOBEATS_URL": loopback.url, "OEMBED_URL": loopback.url}
    done = await run("bot", "ask", f"spotify:track:{STRANGER}", "--json", **urls)
    assert failure(done) == "features_unknown"
    assert "Brand New" in json.loads(done.out)["error"]["message"]


async def test_ask_says_when_the_track_does_not_exist(run: Run, loopback: Loopback) -> None:
    loopback.json("/v1/track", {"content": []})
    urls = {"RECCOBEATS_URL": loopback.url, "OEMBED_URL": loopback.url}
    done = await run("bot", "ask", f"spotify:track:{STRANGER}", "--json", **urls)
    assert failure(done) == "track_not_found"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"spotify:track:{STRANGER}", "unavailable"),
        ("some song that is not in the sample", "unavailable"),
        (f"https://open.spotify.com/album/{OLD_TOWN_ROAD}", "no_track_link"),
        ("https://example.com", "no_track_link"),
        ("", "no_track_link"),
        ("\x01\x02🎵" * 30, "unavailable"),
        ("x" * 100_000, "no_track_link"),
    ],
    ids=["unknown id", "unknown title", "album", "other site", "empty", "garbage",
         "very long"],
)  # fmt: skip
async def test_ask_fails_in_words_when_nobody_can_be_reached(
    run: Run, text: str, code: str
) -> None:
    assert failure(await run("bot", "ask", text, "--json")) == code


async def test_output_that_nobody_reads_is_no_stack_trace(
    environment: dict[str, str], tmp_path: Path
) -> None:
    for sink in ("/dev/full", "pipe"):
        if sink == "pipe":
            reader, writer = os.pipe()
            os.close(reader)
        else:
            writer = os.open(sink, os.O_WRONLY)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "ask", "heroes", "--json", cwd=tmp_path, env=environment,
            stdout=writer, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        os.close(writer)
        _, err = await process.communicate()
        assert process.returncode == 1, sink
        assert b"Traceback" not in err
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
async def test_a_terminal_that_knows_few_letters_still_gets_the_answer(
    run: Run, encoding: str
) -> None:
    for verb in (("ask", LINK), ("check",)):
        done = await run("bot", *verb, PYTHONIOENCODING=encoding)
        assert done.code == 0, done.err
        assert done.out


async def test_ask_tells_the_operator_what_is_wrong_with_a_setting(run: Run) -> None:
    done = await run("bot", "ask", LINK, "--json", LOCAL_PORT="eighty")
    assert failure(done) == "unavailable"
    assert "LOCAL_PORT" in done.out


async def test_ask_refuses_a_model_it_does_not_have_or_that_is_damaged(
    run: Run, tmp_path: Path
) -> None:
    assert failure(await run("bot", "ask", LINK, "--json", "--model", "none")) == "model_error"
    shutil.copytree(SHIPPED, tmp_path / "models")
    (onnx,) = (tmp_path / "models" / "wide").glob("*/model.onnx")
    onnx.write_bytes(onnx.read_bytes()[:-1] + b"!")
    models = {"MODELS_DIR": str(tmp_path / "models")}
    assert failure(await run("bot", "ask", LINK, "--json", **models)) == "model_error"
    started = await run("bot", "run", **models)
    assert started.code == 78
    assert "damaged" in started.err


async def test_ask_says_when_a_file_cannot_be_written(run: Run, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none" / "chart.png")
    assert failure(await run("bot", "ask", LINK, "--json", "--chart", nowhere)) == "unavailable"


async def test_a_data_folder_that_cannot_be_used_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = {"DATA_DIR": str(tmp_path / "file" / "var")}
    assert failure(await run("bot", "ask", LINK, "--json", **folder)) == "unavailable"
    for verb in ("run", "check"):
        done = await run("bot", verb, **folder)
        assert done.code == 78
        assert str(tmp_path / "file") in done.out + done.err
        assert "Traceback" not in done.err


async def test_a_port_in_use_is_one_sentence_and_exit_code_69(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = await run("bot", "run", LOCAL_PORT=port)
    assert done.code == 69
    assert port in done.err
    assert "WEB_PORT" in done.err
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, 0),
        ({"MODEL": "study"}, 0),
        ({"MODEL": "none"}, 78),
        ({"LOCAL_PORT": "x"}, 78),
        ({"SPOTIFY_CLIENT_ID": "hush-id"}, 78),
        ({"SPOTIFY_CLIENT_SECRET": "hush-secret"}, 78),
        ({"SPOTIFY_CLIENT_ID": "hush-id", "SPOTIFY_CLIENT_SECRET": "hush-secret"}, 0),
        ({"SLACK_BOT_TOKEN": "hush-xoxb"}, 78),
    ],
    ids=str,
)
async def test_check_says_what_is_missing_and_shows_no_secret(
    run: Run, settings: dict[str, str], code: int
) -> None:
    done = await run("bot", "check", **settings)
    assert done.code == code, done.out
    assert "hush" not in done.out + done.err
    assert ("✗" in done.out) == (code == 78)
    if "LOCAL_PORT" not in settings:
        assert "https://discord.com/developers" in done.out


async def test_run_stops_at_once_when_told_to(environment: dict[str, str], tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert f"http://127.0.0.1:{environment['LOCAL_PORT']}" in line
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(5):
        _, err = await process.communicate()
    assert process.returncode == 0
    assert err == b""
