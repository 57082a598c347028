"""Commands of `python -m bot`: JSON shapes and exit codes."""

import asyncio
import json
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from model.genres import STUDY, WIDE
from model.schema import CORE, NAMES
from model.store import SHIPPED
from model.verdicts import Verdict
from tests.process.conftest import Completed, Run
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from tests.support.loopback import Loopback

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
UNKNOWN_TRACK = "5CQ30WqJwcep0pYcV4AMNc"


def answer(completed: Completed) -> dict[str, Any]:
    """Return the JSON object of a successful `ask --json`."""
    assert completed.code == 0, completed
    assert completed.err == ""
    parsed: dict[str, Any] = json.loads(completed.out)
    return parsed


def failure(completed: Completed) -> str:
    """Return the error code of a failed `ask --json`."""
    assert completed.code == 1, completed
    error = json.loads(completed.out)["error"]
    assert set(error) == {"code", "message"}
    assert "Traceback" not in completed.err
    assert error["message"].endswith((".", "?"))
    return str(error["code"])


async def test_links_prints_one_json_object_per_line_offline(run: Run) -> None:
    text = f"{LINK} spotify:album:{OLD_TOWN_ROAD}\nnothing\n\nhttps://spotify.link/x\n\xff\n"
    completed = await run("bot", "links", stdin=text.encode("latin-1"))
    rows = [json.loads(line) for line in completed.out.splitlines()]
    empty: dict[str, list[str]] = {"tracks": [], "others": [], "short": []}
    assert rows == [
        {
            "tracks": [OLD_TOWN_ROAD],
            "others": [{"kind": "album", "id": OLD_TOWN_ROAD}],
            "short": [],
        },
        empty,
        empty,
        {"tracks": [], "others": [], "short": ["https://spotify.link/x"]},
        empty,
    ]


async def test_links_prints_links_to_other_services_apart(run: Run) -> None:
    text = f"{LINK} deezer.com/track/1 https://music.apple.com/us/album/x/2 link.deezer.com/s/a\n"
    completed = await run("bot", "links", stdin=text.encode())
    assert json.loads(completed.out) == {
        "tracks": [OLD_TOWN_ROAD],
        "others": [],
        "short": ["https://link.deezer.com/s/a"],
        "services": [
            {"service": "deezer", "kind": "track", "id": "1"},
            {"service": "apple-music", "kind": "album", "id": "us/2"},
        ],
    }


async def test_ask_answers_offline_for_a_song_of_the_sample(run: Run) -> None:
    result = answer(await run("bot", "ask", LINK, "--json"))
    probabilities = [row["probability"] for row in result["genres"]]
    assert {row["genre"] for row in result["genres"]} == set(WIDE)
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-6)
    assert result["track"]["id"] == OLD_TOWN_ROAD
    assert "Old Town Road" in result["track"]["title"]
    assert "Lil Nas X" in result["track"]["artists"]
    assert result["track"]["url"] == LINK
    assert result["verdict"] in set(Verdict)
    assert len(result["why"]) <= 3
    assert set(CORE) <= set(result["features"]) <= set(NAMES)
    assert result["missing"] == []
    assert result["year_counted"] in {True, False}
    assert result["prior"] in {"popular", None}
    assert set(result["subgenre"] or ("name", "probability")) == {"name", "probability"}
    assert result["source"] == "sample"
    assert result["model"]["name"] == "wide"


async def test_ask_accepts_a_title_and_a_model(call: Run) -> None:
    result = answer(await call("bot", "ask", "heroes - david bowie", "--json", "--model", "study"))
    assert {row["genre"] for row in result["genres"]} == set(STUDY)
    assert result["model"]["name"] == "study"
    assert "Heroes" in result["track"]["title"]


async def test_ask_needs_no_quotes(call: Run) -> None:
    unquoted = answer(await call("bot", "ask", "Old", "Town", "Road", "--json"))
    quoted = answer(await call("bot", "ask", "Old Town Road", "--json"))
    assert unquoted == quoted
    assert unquoted["track"]["id"] == OLD_TOWN_ROAD


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("card.png", b"\x89PNG"),
        ("card", b"\x89PNG"),
        ("card.JPG", b"\xff\xd8\xff"),
        ("card.jpeg", b"\xff\xd8\xff"),
        ("card.webp", b"RIFF"),
    ],
)
async def test_chart_has_the_format_of_its_name(
    call: Run, tmp_path: Path, name: str, start: bytes
) -> None:
    completed = await call("bot", "ask", LINK, "--chart", name)
    assert completed.code == 0, completed.err
    assert (tmp_path / name).read_bytes().startswith(start)


async def test_other_formats_of_charts_are_refused(call: Run, tmp_path: Path) -> None:
    completed = await call("bot", "ask", LINK, "--chart", "card.pdf", "--json")
    assert failure(completed) == "unavailable"
    assert ".pdf" in completed.out
    assert not (tmp_path / "card.pdf").exists()


async def test_ask_prints_the_card_and_writes_the_chart(run: Run, tmp_path: Path) -> None:
    chart = tmp_path / "chart.png"
    card = tmp_path / "card.svg"
    completed = await run("bot", "ask", LINK, "--chart", str(chart), "--card", str(card))
    assert completed.code == 0
    assert b"Old Town Road" in card.read_bytes()
    assert "Old Town Road" in completed.out
    assert "Model: wide" in completed.out
    assert chart.read_bytes().startswith(b"\x89PNG")
    second_chart = tmp_path / "second.png"
    await run("bot", "ask", LINK, "--chart", str(second_chart), PYTHONHASHSEED="7")
    assert second_chart.read_bytes() == chart.read_bytes()


async def test_ask_uses_reccobeats_for_other_tracks(call: Run, loopback: Loopback) -> None:
    href = f"https://open.spotify.com/track/{UNKNOWN_TRACK}"
    track = {"id": "u", "href": href, "trackTitle": "Stranger", "durationMs": 200_000,
             "artists": [{"name": "Somebody"}], "isrc": "X"}  # fmt: skip
    measured = {name: VALUES[name] for name in NAMES if name != "duration_ms"}
    loopback.json("/v1/track", {"content": [track]})
    loopback.json("/v1/audio-features", {"content": [{"id": "u", "href": href, **measured}]})
    result = answer(await call("bot", "ask", href, "--json", RECCOBEATS_URL=loopback.url))
    assert result["track"]["title"] == "Stranger"
    assert result["source"] == "reccobeats"
    assert result["features"] == measured | {"duration_ms": 200_000.0}
    assert result["missing"] == []
    assert result["year_counted"] in {True, False}
    assert result["prior"] in {"popular", None}
    assert set(result["subgenre"] or ("name", "probability")) == {"name", "probability"}
    assert [request.path for request in loopback.requests] == ["/v1/audio-features", "/v1/track"]


async def test_ask_reports_unknown_features(call: Run, loopback: Loopback) -> None:
    loopback.json("/v1/track", {"content": []})
    loopback.json("/v1/audio-features", {"content": []})
    loopback.json("/oembed", {"title": "Brand New"})
    urls = {"RECCOBEATS_URL": loopback.url, "OEMBED_URL": loopback.url}
    completed = await call("bot", "ask", f"spotify:track:{UNKNOWN_TRACK}", "--json", **urls)
    assert failure(completed) == "features_unknown"
    assert "Brand New" in json.loads(completed.out)["error"]["message"]


async def test_ask_reports_an_unknown_track(call: Run, loopback: Loopback) -> None:
    loopback.json("/v1/track", {"content": []})
    urls = {"RECCOBEATS_URL": loopback.url, "OEMBED_URL": loopback.url}
    completed = await call("bot", "ask", f"spotify:track:{UNKNOWN_TRACK}", "--json", **urls)
    assert failure(completed) == "track_not_found"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"spotify:track:{UNKNOWN_TRACK}", "unavailable"),
        ("some song that is not in the sample", "unavailable"),
        (f"https://open.spotify.com/album/{OLD_TOWN_ROAD}", "unavailable"),
        ("https://example.com", "no_track_link"),
        ("", "no_track_link"),
        ("\x01\x02🎵" * 30, "unavailable"),
        ("x" * 100_000, "no_track_link"),
    ],
    ids=["unknown id", "unknown title", "album", "other site", "empty", "garbage",
         "very long"],
)  # fmt: skip
async def test_ask_reports_an_error_code_when_services_are_unreachable(
    call: Run, text: str, code: str
) -> None:
    assert failure(await call("bot", "ask", text, "--json")) == code


async def test_failed_write_to_stdout_prints_one_line(
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
async def test_output_is_printed_on_terminals_with_limited_encodings(
    run: Run, encoding: str
) -> None:
    for command in (("ask", LINK), ("check",)):
        completed = await run("bot", *command, PYTHONIOENCODING=encoding)
        assert completed.code == 0, completed.err
        assert completed.out


async def test_ask_names_an_invalid_setting(call: Run) -> None:
    completed = await call("bot", "ask", LINK, "--json", WEB_PORT="eighty")
    assert failure(completed) == "unavailable"
    assert "WEB_PORT" in completed.out


async def test_missing_or_damaged_model_is_an_error(run: Run, call: Run, tmp_path: Path) -> None:
    assert failure(await call("bot", "ask", LINK, "--json", "--model", "none")) == "model_error"
    shutil.copytree(SHIPPED, tmp_path / "models")
    (onnx,) = (tmp_path / "models" / "wide").glob("*/model.onnx")
    onnx.write_bytes(onnx.read_bytes()[:-1] + b"!")
    models = {"MODELS_DIR": str(tmp_path / "models")}
    assert failure(await call("bot", "ask", LINK, "--json", **models)) == "model_error"
    started = await run("bot", "run", **models)
    assert started.code == 78
    assert "damaged" in started.err


async def test_ask_reports_a_chart_file_that_cannot_be_written(call: Run, tmp_path: Path) -> None:
    missing_folder = str(tmp_path / "none" / "chart.png")
    completed = await call("bot", "ask", LINK, "--json", "--chart", missing_folder)
    assert failure(completed) == "unavailable"
    assert json.loads(completed.out)["track"]["title"].startswith("Old Town Road")


async def test_unusable_data_folder_is_reported(run: Run, call: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = {"DATA_DIR": str(tmp_path / "file" / "var")}
    assert failure(await call("bot", "ask", LINK, "--json", **folder)) == "unavailable"
    for command, start in (("run", run), ("check", call)):
        completed = await start("bot", command, **folder)
        assert completed.code == 78
        assert str(tmp_path / "file") in completed.out + completed.err
        assert "Traceback" not in completed.err


async def test_port_in_use_is_one_line_and_exit_code_69(run: Run) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        completed = await run("bot", "run", WEB_PORT=port)
    assert completed.code == 69
    assert port in completed.err
    assert "WEB_PORT" in completed.err
    assert len(completed.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, 0),
        ({"MODEL": "study"}, 0),
        ({"MODEL": "none"}, 78),
        ({"WEB_PORT": "x"}, 78),
        ({"SPOTIFY_CLIENT_ID": "hush-id"}, 78),
        ({"SPOTIFY_CLIENT_SECRET": "hush-secret"}, 78),
        ({"SPOTIFY_CLIENT_ID": "hush-id", "SPOTIFY_CLIENT_SECRET": "hush-secret"}, 0),
        ({"SLACK_BOT_TOKEN": "hush-xoxb"}, 78),
    ],
    ids=str,
)
async def test_check_reports_missing_settings_without_secrets(
    call: Run, settings: dict[str, str], code: int
) -> None:
    completed = await call("bot", "check", **settings)
    assert completed.code == code, completed.out
    assert "hush" not in completed.out + completed.err
    assert ("✗" in completed.out) == (code == 78)
    if "WEB_PORT" not in settings:
        assert "https://discord.com/developers" in completed.out
