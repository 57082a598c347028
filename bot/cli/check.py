"""`python -m bot check`: print what is configured, what is missing and how to get it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.domain.errors import EX_CONFIG, Forbidden, SoundslikeError, Unavailable
from bot.platforms.discord import token_check as discord_token
from bot.platforms.slack import token_check as slack_token
from bot.platforms.slack.api import SLACK
from bot.runtime import composition, ephemeral_disk, log_setup, settings
from bot.runtime.models import load_classifier
from bot.runtime.settings import Settings
from bot.texts import operator
from model.errors import BundleError

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "SPOTIFY_CLIENT_ID": ("SPOTIFY_CLIENT_SECRET",),
    "SPOTIFY_CLIENT_SECRET": ("SPOTIFY_CLIENT_ID",),
    "SLACK_BOT_TOKEN": ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    "SLACK_APP_TOKEN": ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"),
    "SLACK_SIGNING_SECRET": ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"),
    "SLACK_CLIENT_ID": ("SLACK_CLIENT_SECRET",),
    "SLACK_CLIENT_SECRET": ("SLACK_TOKEN_KEY",),
    "SLACK_TOKEN_KEY": ("SLACK_CLIENT_ID",),
}
"""Settings, and those of which at least one must be set with them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check; `ok` is None for an optional setting that is not set."""

    what: str
    text: str
    ok: bool | None


async def report(discord: str = discord_token.DISCORD, slack: str = SLACK) -> int:
    """Print one line for each check; return 0, or 78 if a setting is wrong.

    A service that does not answer is not an error.

    Args:
        discord: Base address of Discord's API.
        slack: Base address of Slack's Web API.
    """
    try:
        loaded = settings.load()
        log_setup.configure(loaded)
        findings = [
            *_variables(loaded),
            *await _discord(loaded, discord),
            *await _slack(loaded, slack),
            _model(loaded),
            await _model_store(loaded),
            await _database(loaded),
            *_disk(loaded),
            _platforms(loaded),
        ]
    except SoundslikeError as error:
        findings = [Finding("Settings", str(error), ok=False)]
    for finding in findings:
        print(texts.check_line(finding.what, finding.text, ok=finding.ok))
    broken = any(finding.ok is False for finding in findings)
    print(texts.CHECK_NOT_READY if broken else texts.CHECK_READY)
    return EX_CONFIG if broken else 0


def _variables(loaded: Settings) -> Iterator[Finding]:
    present = {name for name in texts.SETTING_HINTS if getattr(loaded, name.lower())}
    unpaired = {
        name: NEEDS[name] for name in present & set(NEEDS) if not present & set(NEEDS[name])
    }
    needed_by = {partners[0]: name for name, partners in unpaired.items()}
    for name in texts.SETTING_HINTS:
        if name in present:
            yield Finding(name, texts.CHECK_SET, ok=True)
        else:
            partner = needed_by.get(name)
            yield Finding(name, texts.not_set(name, partner), ok=False if partner else None)


def _model(loaded: Settings) -> Finding:
    try:
        model = load_classifier(loaded)
    except SoundslikeError as error:
        return Finding("MODEL", str(error), ok=False)
    return Finding("MODEL", f"{model.name} {model.version}", ok=True)


async def _discord(loaded: Settings, address: str) -> list[Finding]:
    if loaded.discord_token is None:
        return []
    try:
        granted = await discord_token.has_message_content_intent(
            loaded.discord_token.get_secret_value(), address
        )
    except Forbidden:
        return [Finding("Discord", operator.DISCORD_TOKEN_REJECTED, ok=False)]
    except Unavailable as error:
        return [_not_checked(error)]
    intent = (
        Finding("Message content", operator.INTENT_GRANTED, ok=True)
        if granted
        else Finding("Message content", operator.INTENT_MISSING, ok=None)
    )
    return [Finding("Discord", operator.DISCORD_TOKEN_ACCEPTED, ok=True), intent]


async def _slack(loaded: Settings, address: str) -> list[Finding]:
    tokens = (
        ("SLACK_BOT_TOKEN", slack_token.FOR_BOT_TOKEN, loaded.slack_bot_token),
        ("SLACK_APP_TOKEN", slack_token.FOR_APP_TOKEN, loaded.slack_app_token),
    )
    findings = []
    for variable, method, token in tokens:
        if token is not None:
            findings.append(await _slack_token(variable, method, token.get_secret_value(), address))
    return findings


async def _slack_token(variable: str, method: str, token: str, address: str) -> Finding:
    try:
        await slack_token.check_token(method, token, address)
    except Forbidden as error:
        return Finding("Slack", operator.slack_token_rejected(variable, error.reason), ok=False)
    except Unavailable as error:
        return _not_checked(error)
    return Finding("Slack", operator.slack_token_accepted(variable), ok=True)


def _not_checked(error: Unavailable) -> Finding:
    text = operator.not_checked(f"{error.service} {error.reason}")
    return Finding(error.service, text, ok=None)


async def _model_store(loaded: Settings) -> Finding:
    if loaded.model_store is None:
        return Finding("MODEL_STORE", operator.CHECK_NO_STORE, ok=None)
    from bot.runtime.model_download import newest
    from model.remote import redacted

    store = redacted(loaded.model_store)
    try:
        version = await newest(loaded.model_store, loaded.model)
    except TimeoutError:
        return Finding(
            "MODEL_STORE", operator.store_unavailable(f"{store} takes too long"), ok=None
        )
    except BundleError as error:
        return Finding("MODEL_STORE", operator.store_unavailable(error), ok=None)
    return Finding("MODEL_STORE", operator.store_version(store, loaded.model, version), ok=True)


def _disk(loaded: Settings) -> Iterator[Finding]:
    if warning := ephemeral_disk.warning(loaded, os.environ):
        yield Finding("DATA_DIR", warning, ok=None)


async def _database(loaded: Settings) -> Finding:
    try:
        async with composition.stores(loaded):
            return Finding("DATABASE_URL", texts.CHECK_WRITABLE, ok=True)
    except SoundslikeError as error:
        return Finding("DATABASE_URL", str(error), ok=False)


def _platforms(loaded: Settings) -> Finding:
    try:
        names = [platform.name for platform in composition.platforms(loaded, ())]
    except SoundslikeError as error:
        return Finding("Platforms", str(error), ok=False)
    return Finding("Platforms", ", ".join(names), ok=True)
