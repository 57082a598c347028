"""`python -m bot check`: what is configured, what is missing, and how to get it. No secrets."""

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
"""A setting is no use unless one of these is set too."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fine` is None for what may be set or not."""

    what: str
    text: str
    fine: bool | None


async def report(discord: str = discord_token.DISCORD, slack: str = SLACK) -> int:
    """Print one line for each thing that was looked at; returns 0, or 78 when one is wrong.

    Discord and Slack are asked at these addresses. A service that does not answer is nothing wrong.
    """
    try:
        known = settings.load()
        log_setup.configure(known)
        findings = [
            *_variables(known),
            *await _discord(known, discord),
            *await _slack(known, slack),
            _model(known),
            await _model_store(known),
            await _database(known),
            *_disk(known),
            _platforms(known),
        ]
    except SoundslikeError as error:
        findings = [Finding("Settings", str(error), fine=False)]
    for finding in findings:
        print(texts.check_line(finding.what, finding.text, fine=finding.fine))
    broken = any(finding.fine is False for finding in findings)
    print(texts.CHECK_NOT_READY if broken else texts.CHECK_READY)
    return EX_CONFIG if broken else 0


def _variables(known: Settings) -> Iterator[Finding]:
    given = {name for name in texts.HOW_TO if getattr(known, name.lower())}
    lone = {name: NEEDS[name] for name in given & set(NEEDS) if not given & set(NEEDS[name])}
    missed = {partners[0]: name for name, partners in lone.items()}
    for name in texts.HOW_TO:
        if name in given:
            yield Finding(name, texts.CHECK_SET, fine=True)
        else:
            partner = missed.get(name)
            yield Finding(name, texts.not_set(name, partner), fine=False if partner else None)


def _model(known: Settings) -> Finding:
    try:
        model = composition.load_classifier(known)
    except SoundslikeError as error:
        return Finding("MODEL", str(error), fine=False)
    return Finding("MODEL", f"{model.name} {model.version}", fine=True)


async def _discord(known: Settings, address: str) -> list[Finding]:
    if known.discord_token is None:
        return []
    try:
        granted = await discord_token.reads_messages(
            known.discord_token.get_secret_value(), address
        )
    except Forbidden:
        return [Finding("Discord", operator.DISCORD_REFUSES, fine=False)]
    except Unavailable as error:
        return [Finding("Discord", operator.not_checked(error.why), fine=None)]
    intent = (
        Finding("Message content", operator.INTENT_GRANTED, fine=True)
        if granted
        else Finding("Message content", operator.INTENT_MISSING, fine=None)
    )
    return [Finding("Discord", operator.DISCORD_ACCEPTS, fine=True), intent]


async def _slack(known: Settings, address: str) -> list[Finding]:
    asked = (
        ("SLACK_BOT_TOKEN", slack_token.WHO, known.slack_bot_token),
        ("SLACK_APP_TOKEN", slack_token.CONNECT, known.slack_app_token),
    )
    found = []
    for variable, method, token in asked:
        if token is not None:
            found.append(await _slack_token(variable, method, token.get_secret_value(), address))
    return found


async def _slack_token(variable: str, method: str, token: str, address: str) -> Finding:
    try:
        await slack_token.ask(method, token, address)
    except Forbidden as error:
        return Finding("Slack", operator.slack_refuses(variable, error.why), fine=False)
    except Unavailable as error:
        return Finding("Slack", operator.not_checked(error.why), fine=None)
    return Finding("Slack", operator.slack_accepts(variable), fine=True)


async def _model_store(known: Settings) -> Finding:
    if known.model_store is None:
        return Finding("MODEL_STORE", operator.CHECK_NO_STORE, fine=None)
    from bot.runtime.model_download import newest
    from model.remote import shown

    store = shown(known.model_store)
    try:
        version = await newest(known.model_store, known.model)
    except TimeoutError:
        return Finding("MODEL_STORE", operator.store_silent(f"{store} takes too long"), fine=None)
    except BundleError as error:
        return Finding("MODEL_STORE", operator.store_silent(error), fine=None)
    return Finding("MODEL_STORE", operator.store_answers(store, known.model, version), fine=True)


def _disk(known: Settings) -> Iterator[Finding]:
    if warning := ephemeral_disk.warning(known, os.environ):
        yield Finding("DATA_DIR", warning, fine=None)


async def _database(known: Settings) -> Finding:
    try:
        async with composition.stores(known):
            return Finding("DATABASE_URL", texts.CHECK_WRITABLE, fine=True)
    except SoundslikeError as error:
        return Finding("DATABASE_URL", str(error), fine=False)


def _platforms(known: Settings) -> Finding:
    try:
        names = [platform.name for platform in composition.platforms(known, ())]
    except SoundslikeError as error:
        return Finding("Platforms", str(error), fine=False)
    return Finding("Platforms", ", ".join(names), fine=True)
