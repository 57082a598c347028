"""Command `check`: print what is configured, what is missing and how to get it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.cli import check_learning, check_sound
from bot.cli.terminal import print_finding
from bot.domain.errors import (
    EX_CONFIG,
    ConfigurationError,
    Forbidden,
    SoundslikeError,
    StorageFailed,
    Unavailable,
)
from bot.platforms.discord import token_check as discord_token
from bot.platforms.slack import token_check as slack_token
from bot.platforms.slack.api import SLACK
from bot.runtime import composition, ephemeral_disk, file_modes, log_setup, redaction, settings
from bot.runtime.environment import proxies
from bot.runtime.models import load_classifier
from bot.runtime.platforms import platforms
from bot.runtime.settings import Settings
from bot.texts import models, operator, public_page, sources
from model import folders
from model.errors import BundleError
from model.redaction import public_address

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

SLACK_TOKENS: Final[Mapping[str, str]] = {
    "SLACK_BOT_TOKEN": slack_token.FOR_BOT_TOKEN,
    "SLACK_APP_TOKEN": slack_token.FOR_APP_TOKEN,
}
"""Tokens that Slack can be asked about, and the method for it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check; `ok` is None for what is optional or could not be checked."""

    what: str
    text: str
    ok: bool | None


async def report(discord: str = discord_token.DISCORD, slack: str = SLACK) -> int:
    """Print the findings by platform; return 0, or 78 if a setting is wrong.

    A service that does not answer is not an error.

    Args:
        discord: Base address of Discord's API.
        slack: Base address of Slack's Web API.
    """
    redact = redaction.redactor()
    try:
        loaded = settings.load()
    except ConfigurationError as error:
        problems = error.problems or {"": str(error)}
        findings = [_wrong(variable, text) for variable, text in problems.items()]
    else:
        log_setup.configure(loaded)
        redact = redaction.redactor(loaded)
        findings = [
            _settings(),
            *await _discord(loaded, discord),
            *await _slack(loaded, slack),
            *_group("Spotify", loaded),
            _contact(loaded),
            _model(loaded),
            *(Finding("Sound", text, ok) for text, ok in check_sound.findings(loaded)),
            *await _model_store(loaded),
            *(Finding("Retraining", text, ok) for text, ok in check_learning.findings(loaded)),
            await _database(loaded),
            *_disk(loaded),
            _platforms(loaded),
            *_public_page(loaded),
        ]
    for finding in findings:
        text = redact(finding.text)
        print_finding(texts.check_line(finding.what, text, ok=finding.ok), finding.ok)
    broken = any(finding.ok is False for finding in findings)
    print(texts.CHECK_NOT_READY if broken else operator.ready(folders.is_clone()))
    return EX_CONFIG if broken else 0


def _wrong(variable: str, text: str) -> Finding:
    """Return the finding about a setting that cannot be used, under its platform."""
    group = variable.partition("_")[0].capitalize()
    return Finding(group if group in operator.SETTING_GROUPS else "Settings", text, ok=False)


def _settings() -> Finding:
    """Return where settings are read from; create the folder, so that a file can be put there."""
    file = folders.settings_file().absolute()
    if file.exists():
        return Finding("Settings", operator.settings_read(file), ok=True)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
    return Finding("Settings", operator.no_settings_file(file), ok=None)


def _group(what: str, loaded: Settings) -> list[Finding]:
    """Return what is set of the settings of a platform or service, and what is missing."""
    group = operator.SETTING_GROUPS[what]
    present = [name for name in group if getattr(loaded, name.lower())]
    if not present:
        return [Finding(what, operator.group_not_set(what), ok=None)]
    missing = [
        Finding(what, operator.partner_not_set(name, NEEDS[name]), ok=False)
        for name in present
        if name in NEEDS and not set(NEEDS[name]) & set(present)
    ]
    return [Finding(what, operator.group_set(present), ok=True), *missing]


def _contact(loaded: Settings) -> Finding:
    if loaded.contact is None:
        return Finding("Contact", sources.NO_CONTACT, ok=None)
    return Finding("Contact", sources.CONTACT_SET, ok=True)


def _model(loaded: Settings) -> Finding:
    try:
        model = load_classifier(loaded)
    except SoundslikeError as error:
        return Finding("Model", str(error), ok=False)
    return Finding("Model", f"{model.name} {model.version}", ok=True)


async def _discord(loaded: Settings, address: str) -> list[Finding]:
    if loaded.discord_token is None:
        return _group("Discord", loaded)
    try:
        granted = await discord_token.has_message_content_intent(
            loaded.discord_token.get_secret_value(), address, proxies().of(address)
        )
    except Forbidden:
        return [Finding("Discord", operator.DISCORD_TOKEN_REJECTED, ok=False)]
    except Unavailable as error:
        return [_not_checked("Discord", "DISCORD_TOKEN", error)]
    accepted = Finding("Discord", operator.DISCORD_TOKEN_ACCEPTED, ok=True)
    return [accepted] if granted else [accepted, Finding("Discord", operator.INTENT_MISSING, None)]


async def _slack(loaded: Settings, address: str) -> list[Finding]:
    set_up, *missing = _group("Slack", loaded)
    checked = [
        finding
        for variable, method in SLACK_TOKENS.items()
        if (token := getattr(loaded, variable.lower())) is not None
        for finding in await _slack_token(variable, method, token.get_secret_value(), address)
    ]
    unsettled = [finding for finding in checked if not finding.ok]
    accepted = [finding.text for finding in checked if finding.ok]
    text = "; ".join([set_up.text, *accepted])
    return [Finding("Slack", text, set_up.ok), *missing, *unsettled]


async def _slack_token(variable: str, method: str, token: str, address: str) -> list[Finding]:
    try:
        lacking = await slack_token.check_token(method, token, address, proxies().of(address))
    except Forbidden as error:
        return [Finding("Slack", operator.slack_token_rejected(variable, error.reason), ok=False)]
    except Unavailable as error:
        return [_not_checked("Slack", variable, error)]
    accepted = Finding("Slack", operator.slack_token_accepted(variable), ok=True)
    if not lacking:
        return [accepted]
    return [accepted, Finding("Slack", operator.slack_scopes_missing(lacking), ok=None)]


def _not_checked(what: str, variable: str, error: Unavailable) -> Finding:
    text = operator.not_checked(variable, f"{error.service} {error.reason}")
    return Finding(what, text, ok=None)


async def _model_store(loaded: Settings) -> list[Finding]:
    if loaded.model_store is None:
        return []
    from bot.runtime.model_download import newest

    what, store = "Model store", public_address(loaded.model_store)
    try:
        version, signed = await newest(loaded.model_store, loaded.model, loaded.public_keys)
    except TimeoutError:
        why: object = f"{store} takes too long"
    except BundleError as error:
        why = error
    else:
        text = models.store_version(store, loaded.model, version, signed)
        unsigned = [] if signed else [Finding(what, texts.STORE_IS_TRUSTED, ok=None)]
        return [Finding(what, text, ok=True), *unsigned]
    return [Finding(what, models.store_unavailable(why), ok=None)]


def _disk(loaded: Settings) -> Iterator[Finding]:
    with suppress(StorageFailed):  # which `_database` reports
        if warning := ephemeral_disk.warning(loaded, os.environ):
            yield Finding("Data folder", warning, ok=None)
        if warning := file_modes.warning(loaded, folders.settings_file()):
            yield Finding("Files", warning, ok=None)


async def _database(loaded: Settings) -> Finding:
    try:
        async with composition.stores(loaded):  # checks the key for user ids, too
            name = await composition.check_writable(loaded)
        await composition.check_vault(loaded)
    except SoundslikeError as error:
        return Finding("Database", str(error), ok=False)
    return Finding("Database", operator.database_written(name), ok=True)


def _platforms(loaded: Settings) -> Finding:
    try:
        names = [platform.name for platform in platforms(loaded, ())]
    except SoundslikeError as error:
        return Finding("Platforms", str(error), ok=False)
    return Finding("Platforms", operator.will_run(names), ok=True)


def _public_page(loaded: Settings) -> Iterator[Finding]:
    """Yield how the page is served to everyone, if a setting asks for that."""
    if not (loaded.public or loaded.public_url):
        return
    if loaded.public_url is None:
        yield Finding("Web page", public_page.NO_URL, ok=None)
    else:
        served = public_page.served(
            loaded.public_url, loaded.trusted_proxies, is_public=loaded.public
        )
        yield Finding("Web page", served, ok=True)
    if any(network.prefixlen == 0 for network in loaded.trusted_proxies):
        yield Finding("Web page", public_page.EVERYONE_TRUSTED, ok=None)
