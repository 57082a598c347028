from pathlib import Path
from typing import Any

import pytest

from tests.stubs.discord.rest import COMMANDS, MESSAGES, REACTION
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import Spec, load


@pytest.fixture
def spec(specs: Path) -> Spec:
    return load(specs / "discord-openapi.json")


def test_every_route_of_the_stub_is_in_the_document(spec: Spec) -> None:
    routes = DiscordStub(None).rest.routes
    assert [route for route in routes if not spec.has_route(*route)] == []


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/users/@me", "/users/@me"),
        ("/users/5", "/users/{user_id}"),
        (
            "/webhooks/1/t/messages/@original",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        ),
        (
            "/webhooks/1/t/messages/2",
            "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        ),
        ("/channels/1/messages/2/reactions/🎸/@me", REACTION + "/@me"),
    ],
)
def test_most_specific_route_is_found(path: str, route: str) -> None:
    match = DiscordStub(None).rest.find_route(path)
    assert match is not None
    assert match[0] == route


def select(options: int) -> dict[str, Any]:
    menu = {
        "type": 3,
        "id": 4,
        "custom_id": "vote",
        "options": [{"label": str(n), "value": str(n)} for n in range(options)],
    }
    row = {"type": 1, "components": [menu]}
    return {"flags": 1 << 15, "components": [{"type": 17, "components": [row]}]}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"content": "x"}, id="text"),
        pytest.param(select(25), id="full menu"),
        pytest.param({"content": "x", "message_reference": {"message_id": 5}}, id="integer id"),
        pytest.param({"content": "x", "attachments": [{"id": 0}]}, id="file number"),
        pytest.param(
            {"content": "x", "allowed_mentions": {"parse": [], "users": [5]}}, id="mentions"
        ),
    ],
)
def test_valid_body_has_no_error(spec: Spec, body: dict[str, Any]) -> None:
    assert spec.error("POST", MESSAGES, body) is None


@pytest.mark.parametrize(
    ("route", "body", "expected"),
    [
        pytest.param(("POST", MESSAGES), select(26), "components[0].options", id="menu too long"),
        pytest.param(("POST", MESSAGES), {"content": "x" * 4001}, "$.content", id="text too long"),
        pytest.param(("POST", MESSAGES), {"embeds": [{"url": 5}]}, "url", id="wrong type"),
        pytest.param(
            ("POST", MESSAGES), {"components": [{"type": 99}]}, "$", id="unknown component"
        ),
        pytest.param(("POST", MESSAGES), None, "$", id="no body"),
        pytest.param(("PUT", COMMANDS), [{"name": "x" * 33}], "$[0]", id="command name too long"),
        pytest.param(("PUT", REACTION + "/@me"), {"x": 1}, "takes no body", id="unexpected body"),
        pytest.param(("POST", "/nowhere"), {}, "is not a route", id="unknown route"),
    ],
)
def test_invalid_body_has_an_error_with_its_path(
    spec: Spec, route: tuple[str, str], body: Any, expected: str
) -> None:
    assert expected in (spec.error(*route, body) or "no error")
