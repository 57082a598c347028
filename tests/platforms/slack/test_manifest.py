"""The manifest and SCOPES request exactly what the code uses."""

import ast
import re
from typing import Any

import pytest
import yaml

from bot import texts
from bot.domain import links
from bot.platforms.slack.credentials import SCOPES
from bot.platforms.slack.events import ADMINISTRATIVE, COMMAND, EVENTS, SAVE_SHORTCUT, SHORTCUT
from bot.texts import slack as slack_texts
from tests.conftest import ROOT
from tests.stubs.slack import scopes
from tests.stubs.slack.objects import LINK_DOMAINS

ADAPTER = sorted((ROOT / "bot" / "platforms" / "slack").glob("*.py"))
CALLS = {name.replace(".", "_"): name for name in scopes.METHODS}
UPLOADS = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}
MESSAGES = "message"


def calls() -> list[tuple[str, list[str]]]:
    """Return the name and the literal arguments of every method call in the adapter."""
    found = []
    for file in ADAPTER:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                texts = [str(a.value) for a in node.args if isinstance(a, ast.Constant)]
                found.append((node.func.attr, texts))
    return found


def methods() -> set[str]:
    """Return the methods of Slack's Web API that the adapter calls."""
    found: set[str] = set()
    for name, _ in calls():
        found.update(UPLOADS.get(name, ()))
        if name in CALLS:
            found.add(CALLS[name])
    return found


def events() -> set[str]:
    """Return the events that the adapter handles, with all kinds of message events."""
    return {*EVENTS, *ADMINISTRATIVE} - {MESSAGES} | set(scopes.MESSAGES.values())


@pytest.fixture
def manifest() -> dict[str, Any]:
    """Read the manifest."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "slack-manifest.yaml").read_text("utf-8"))
    return found


def test_scopes_of_all_called_methods_are_known() -> None:
    method_name = re.compile(
        r"(api|apps|auth|chat|conversations|files|oauth|reactions|users|views)_"
    )
    unknown = {
        name
        for name, _ in calls()
        if method_name.match(name) and name not in CALLS and name not in UPLOADS
    }
    assert unknown == set()
    assert {"chat.postMessage", "reactions.add", "users.info", "views.publish"} <= methods()


def test_scopes_are_exactly_those_that_the_code_needs() -> None:
    needed = {scopes.COMMANDS}
    needed.update(*(scopes.METHODS[method] for method in methods()))
    needed |= {scope for event in events() if (scope := scopes.EVENTS[event])}
    assert set(SCOPES) == needed


def test_manifest_requests_the_scopes_and_events_of_the_code(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": list(SCOPES)}
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == events()


def test_manifest_declares_the_commands_and_shortcuts_of_the_code(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    shortcuts = {one["callback_id"]: one["name"] for one in features["shortcuts"]}
    assert shortcuts == {SHORTCUT: slack_texts.SHORTCUT, SAVE_SHORTCUT: texts.SAVE_CARD}
    assert features["app_home"]["home_tab_enabled"]
    assert features["app_home"]["messages_tab_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_unfurl_domains_are_those_of_music_services(manifest: dict[str, Any]) -> None:
    domains = manifest["features"]["unfurl_domains"]
    assert tuple(domains) == LINK_DOMAINS
    hosts = [host for site in links.SITES.values() for host in site.hosts | site.short_hosts]
    for domain in domains:
        assert any(f".{host}".endswith(f".{domain}") for host in hosts), domain


def test_manifest_respects_length_limits(manifest: dict[str, Any]) -> None:
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) < 140
    features = manifest["features"]
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["unfurl_domains"]) <= 5
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
