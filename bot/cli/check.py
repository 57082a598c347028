"""`python -m bot check`: what is configured, what is missing, and how to get it. No secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot import app, log, settings, texts
from bot.errors import EX_CONFIG, SoundslikeError
from bot.settings import Settings
from bot.storage.open import open_stores

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "SPOTIFY_CLIENT_ID": ("SPOTIFY_CLIENT_SECRET",),
    "SPOTIFY_CLIENT_SECRET": ("SPOTIFY_CLIENT_ID",),
    "SLACK_BOT_TOKEN": ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
    "SLACK_APP_TOKEN": ("SLACK_BOT_TOKEN",),
    "SLACK_SIGNING_SECRET": ("SLACK_BOT_TOKEN",),
}
"""A setting is no use unless one of these is set too."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `fine` is None for what may be set or not."""

    what: str
    text: str
    fine: bool | None


async def report() -> int:
    """Print one line for each thing that was looked at; returns 0, or 78 when one is wrong."""
    try:
        known = settings.load()
        log.configure(known)
        findings = [*_variables(known), _model(known), await _database(known), _platforms(known)]
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
        model = app.load_classifier(known)
    except SoundslikeError as error:
        return Finding("MODEL", str(error), fine=False)
    return Finding("MODEL", f"{model.name} {model.version}", fine=True)


async def _database(known: Settings) -> Finding:
    try:
        async with open_stores(known.database, known.data_dir):
            return Finding("DATABASE_URL", texts.CHECK_WRITABLE, fine=True)
    except SoundslikeError as error:
        return Finding("DATABASE_URL", str(error), fine=False)


def _platforms(known: Settings) -> Finding:
    try:
        names = [platform.name for platform in app.platforms(known, ())]
    except SoundslikeError as error:
        return Finding("Platforms", str(error), fine=False)
    return Finding("Platforms", ", ".join(names), fine=True)
