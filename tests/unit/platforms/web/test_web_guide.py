"""docs/web.md agrees with the code: settings, limits, sizes."""

import re

import pytest

from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.platforms.http.uploads import Limits
from bot.platforms.web import security
from bot.platforms.web.limits import CAPACITIES, RATES, Limit, Share
from bot.platforms.web.site import Site
from bot.runtime import web_settings
from bot.runtime.settings import Settings
from bot.texts import public_page
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "web.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = ("PUBLIC", "PUBLIC_URL", "TRUSTED_PROXIES", "WEB_HOST", "WEB_PORT")
KINDS = {
    Limit.MESSAGE: "messages",
    Limit.HISTORY: "histories",
    Limit.SUGGESTION: "suggestions while typing",
    Limit.SONG: "pages of songs that nobody asked for lately",
    Limit.PICTURE: "pictures that must be drawn",
    Limit.WHAT_IF: "changes of a slider of *What if*",
    Limit.SOUND: "sound files",
    Limit.VOTE: "votes",
    Limit.OTHER: "all requests but sliders, scripts and styles",
}
SHARES = {
    Share.QUESTION: "questions, and pages of new songs",
    Share.HISTORY: "histories",
    Share.SUGGESTION: "suggestions",
    Share.PICTURE: "pictures",
    Share.WHAT_IF: "predictions of *What if*",
}


def test_variables_in_the_guide_exist() -> None:
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+|PUBLIC)\b", GUIDE))
    known = {name.upper() for name in Settings.model_fields}
    assert named <= known
    assert named >= set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_of_the_page_is_in_the_example_file(name: str) -> None:
    assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE)


@pytest.mark.parametrize("kind", Limit)
def test_guide_has_each_limit(kind: Limit) -> None:
    number, seconds = RATES[kind]
    assert re.search(
        rf"^\| {re.escape(KINDS[kind])} \| {number} in {seconds:.0f} s[ ;]", GUIDE, re.MULTILINE
    )


def test_guide_has_the_sound_files_of_an_address() -> None:
    of_sender = Limits()
    number, megabytes = of_sender.sender_number, of_sender.sender_bytes >> 20
    assert f"; {number} and {megabytes} MB at once |" in GUIDE
    table = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    assert (
        f"more than {number} sound files at once from an address, or more than {megabytes} MB"
        in table
    )
    assert of_sender.sender_bytes >= MAX_UPLOAD_BYTES


@pytest.mark.parametrize("share", Share)
def test_guide_has_what_strangers_may_take_up(share: Share) -> None:
    at_once, _, seconds, of_address = CAPACITIES[share]
    row = f"| {SHARES[share]} | {at_once} | {of_address or at_once} | {seconds:.0f} s |"
    assert row in GUIDE


def test_proxies_of_the_guide_let_sound_files_through() -> None:
    sizes = re.findall(r"(?:max_size|client_max_body_size) (\d+)(?:MiB|m)\b", GUIDE)
    assert len(sizes) == 2
    assert all(int(size) << 20 >= MAX_UPLOAD_BYTES for size in sizes)


def test_networks_and_addresses_of_the_guide_are_accepted() -> None:
    for written in re.findall(r"^TRUSTED_PROXIES=(.+)$", GUIDE, re.MULTILINE):
        assert web_settings.networks(written)
    default = ", ".join(map(str, web_settings.LOOPBACK)).removesuffix("/128")
    assert f"`{default}`" in GUIDE
    urls = set(re.findall(r"PUBLIC_URL=(\S+)", GUIDE))
    assert {web_settings.site_address(url) for url in urls} == urls == {"https://songs.example"}


def test_sentences_in_the_guide_are_said() -> None:
    said = (public_page.FOREIGN_HOST, public_page.FOREIGN_SITE, public_page.unknown_proxy("x"))
    for quoted in re.findall(r"^\| \*([^*]+)\*", GUIDE, re.MULTILINE):
        assert any(quoted in sentence for sentence in said), quoted
    assert f"“{public_page.TOO_FAST.rstrip('.')}”" in GUIDE
    assert f"`{security.COOKIE}`" in GUIDE
    assert Site().host in GUIDE


def test_links_of_the_guide_have_targets() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", GUIDE):
        file, _, anchor = target.partition("#")
        text = (ROOT / "docs" / file).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
        assert not anchor or anchor in anchors
