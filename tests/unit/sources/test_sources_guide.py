"""The guide of the sources states the limits that are kept, and the settings there are."""

import re

from bot.runtime.settings import Settings
from bot.sources.circuit_breaker import (
    FAILURES,
    FIRST_PAUSE,
    MAX_PAUSE,
    REFUSED_PAUSE,
)
from bot.sources.http_client import MAX_BODY_BYTES, MAX_RETRY_AFTER, TIMEOUT
from bot.sources.limits import MAX_WAIT, PUBLISHED, Limits
from bot.sources.spotify.session import SWITCHED_OFF_SECONDS
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def described(limits: Limits) -> str:
    parts = []
    if limits.concurrent:
        parts.append(f"{limits.concurrent} at a time")
    if limits.pause:
        parts.append(f"{limits.pause} s between")
    if limits.calls:
        parts.append(f"{limits.calls} in {limits.seconds:g} s")
    if limits.daily:
        parts.append(f"{limits.daily} in a day")
    return ", ".join(parts) or "none"


def test_table_of_limits_is_complete_and_true() -> None:
    rows = dict(re.findall(r"^\| `([a-z -]+)` \| ([^|]+) \|", GUIDE, re.MULTILINE))
    assert rows == {name: described(limits) for name, limits in PUBLISHED.items()}


def test_figures_of_the_guide_are_those_of_the_code() -> None:
    assert f"after {MAX_WAIT:g} seconds" in GUIDE
    assert f"{FAILURES} failures in a row" in GUIDE
    assert f"no answer within {TIMEOUT.total:g} s" in GUIDE
    assert f"{FIRST_PAUSE:g} s, doubled after each failed attempt" in GUIDE
    assert (MAX_PAUSE, SWITCHED_OFF_SECONDS) == (600, 600), "10 minutes"
    assert (REFUSED_PAUSE, MAX_RETRY_AFTER) == (3600, 86_400), "an hour, a day"
    assert MAX_BODY_BYTES == 1 << 20, "1 MB"
    refusals = {limits.refusals for limits in PUBLISHED.values()} - {1}
    assert refusals == {5}
    for name, limits in PUBLISHED.items():
        about_pages = name in {"youtube", "tidal", "soundcloud", "bandcamp"}
        assert (limits.refusals > 1) is about_pages


def test_settings_of_sources_are_documented() -> None:
    names = {name.upper() for name in Settings.model_fields}
    addresses = {name for name in names if name.endswith("_URL")} - {"DATABASE_URL", "PUBLIC_URL"}
    for name in addresses | {"CONTACT", "LASTFM_API_KEY", "DISCOGS_TOKEN"}:
        assert f"`{name}`" in GUIDE, name
    for name in ("CONTACT", "LASTFM_API_KEY", "DISCOGS_TOKEN"):
        assert f"\n{name}=" in EXAMPLE, name
