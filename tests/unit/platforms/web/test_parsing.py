"""Validation of requests."""

import io
import json

import pytest

from bot import texts
from bot.platforms.web.parsing import MAX_BODY_BYTES, MAX_TEXT_BYTES
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import ID, say

JSON = "application/json"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/api/messages", "{", id="cut off"),
        pytest.param("/api/messages", "[]", id="a list"),
        pytest.param("/api/messages", "[" * 200_000, id="deep"),
        pytest.param("/api/messages", '"\xff"', id="another encoding"),
        pytest.param("/api/messages", '{"text": "heroes"}', id="no id"),
        pytest.param("/api/messages", '{"id": "../../etc", "text": "heroes"}', id="odd id"),
        pytest.param("/api/messages", '{"id": "abcdefgh\\n", "text": "x"}', id="id and newline"),
        pytest.param("/api/messages", '{"id": "abcdefgh", "text": 5}', id="number for text"),
        pytest.param("/api/votes", "{}", id="empty vote"),
        pytest.param("/api/votes", '{"card":true,"kind":"right","added":true}', id="true card"),
        pytest.param("/api/votes", '{"card":0,"kind":"right","added":true}', id="card 0"),
        pytest.param(
            "/api/votes", f'{{"card":{2**63},"kind":"right","added":true}}', id="huge card"
        ),
        pytest.param("/api/votes", '{"card":1,"kind":"left","added":true}', id="unknown kind"),
        pytest.param("/api/votes", '{"card":1,"kind":[],"added":true}', id="list for kind"),
        pytest.param("/api/votes", '{"card":1,"kind":"choice","genre":5,"added":true}', id="genre"),
        pytest.param("/api/votes", '{"card":1,"kind":"right","added":"yes"}', id="added"),
    ],
)
async def test_malformed_body_is_rejected(client: Client, path: str, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with client.post(path, data=body.encode("latin-1"), headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["notice"]["text"].endswith(".")


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "text/plain"}, {"Content-Type": JSON, "Content-Encoding": "gzip"}],
    ids=["another type", "compressed"],
)
async def test_other_kinds_of_bodies_are_refused(client: Client, headers: dict[str, str]) -> None:
    async with client.post("/api/messages", data=b"{}", headers=headers) as response:
        assert response.status == 415
        assert (await response.json())["notice"]["text"].endswith(".")


async def test_lone_surrogate_is_replaced(client: Client, fake: FakeServices) -> None:
    body = '{"id": "abcdefgh", "text": "\\ud83d heroes"}'
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/messages", data=body, headers=headers) as response:
        assert response.status == 200
    assert fake.ask.asked[0].text == "? heroes"


@pytest.mark.parametrize("size", [MAX_TEXT_BYTES + 1, MAX_BODY_BYTES + 1])
async def test_too_long_message_is_rejected(client: Client, fake: FakeServices, size: int) -> None:
    body = io.BytesIO(json.dumps({"id": ID, "text": "x" * size}).encode())
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/messages", data=body, headers=headers) as response:
        assert response.status == 413
        assert (await response.json())["notice"]["text"] == texts.MESSAGE_TOO_LONG
    assert fake.ask.asked == []


async def test_message_of_maximum_length_is_accepted(client: Client) -> None:
    assert (await say(client, "é" * (MAX_TEXT_BYTES // 2)))[0]["code"] == "hint"
