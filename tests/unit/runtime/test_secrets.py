"""No part of a secret appears in output, log or exception, however its setting is malformed."""

import asyncio
import contextlib
import functools
import io
import logging
import os
import socket
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.cli import ask, check, health, invite
from bot.cli import run as run_command
from bot.cli.picture_files import PictureFiles
from bot.runtime import composition, log_setup, process
from bot.runtime.platforms import platforms
from bot.runtime.settings import SECRET_FIELDS, Settings
from model.redaction import MIN_LENGTH
from model.sound import decoding
from tests.support.bot_process import SOURCES
from tests.support.factories import save_bundle
from tests.support.migrated_sqlite import migrated_sqlite
from training.__main__ import main as train

CLOSED = "127.0.0.1:1"
"""Nothing listens there."""

WITHOUT_AT = "postgresql://me:{}127.0.0.1:1/db"
"""With an @ in the secret, this is a correct address with another host."""

DATABASES = (
    WITHOUT_AT,
    "postgresql://me:{}@127.0.0.1:1/db",
    "postgresql://{}@127.0.0.1:1/db",
    "postgresql://me:pw@127.0.0.1:{}/db",
    "postgresql://me:pw@127.0.0.1:1/db?sslmode=disable&password={}",
    "postgresql:me:{}@127.0.0.1/db",
    "postgresql//me:{}@127.0.0.1/db",
    "me:{}@127.0.0.1/db",
    "mysql+none://me:{}@127.0.0.1/db",
    "sqlite://me:{}@/x.db",
)
STORES = (
    "s3://key:{}@bucket/models",
    "s3://{}@bucket/models",
    "s3://key:{}/bucket/models",
    "s3://bucket/models?secret={}",
    "s3:/key:{}@bucket/models",
    "key:{}@bucket/models",
    "simplecache::s3://key:{}@bucket/models",
    "http://me:{}@127.0.0.1:1/models",
    "http://127.0.0.1:1/models?token={}",
    "ftp://me:{}@127.0.0.1:1/models",
    "nothing://me:{}@127.0.0.1:1/models",
)
SERVICES = ("http://me:{}@127.0.0.1:1", "http://127.0.0.1:1/?key={}", "me:{}@127.0.0.1")
KEYS = ("{}", "{},{}", '"{}', "{},short", " , {}")

FORMS: dict[str, Sequence[str]] = {
    **dict.fromkeys((name.upper() for name in SECRET_FIELDS), ("{}", '"{}', "{} # note")),
    "SLACK_TOKEN_KEY": KEYS,
    "USER_HASH_KEY": KEYS,
    "DISCORD_APPLICATION_ID": ("{}",),
    "DATABASE_URL": DATABASES,
    "MODEL_STORE": STORES,
    **dict.fromkeys(SOURCES, SERVICES),
}
"""Setting to its forms, with the place of a secret."""

BROKEN = (
    "",
    "@",
    "/",
    "#",
    "%",
    "%zz",
    "?",
    ":",
    "&",
    "=",
    " ",
    "\n",
    '"',
    "\\",
    "[",
    "\u2013",
    ",",
)
PART = st.text("bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789", min_size=12, max_size=20)


@st.composite
def secrets(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a secret with characters that must be escaped, and its parts without them."""
    parts = ["x" + part for part in draw(st.lists(PART, min_size=2, max_size=3))]
    text = parts[0]
    for part in parts[1:]:
        text += draw(st.sampled_from(BROKEN)) + part
    if draw(st.booleans()):
        text += draw(st.sampled_from(BROKEN))
    return (quote(text) if draw(st.integers(0, 4)) == 0 else text), parts


def shown(parts: Sequence[str], output: str) -> list[str]:
    """Return what is shown of a secret: each run of MIN_LENGTH characters."""
    text = (output + unquote(output)).lower()
    return [
        part[at : at + MIN_LENGTH]
        for part in (one.lower() for one in parts)
        for at in range(len(part) - MIN_LENGTH + 1)
        if part[at : at + MIN_LENGTH] in text
    ]


@contextlib.contextmanager
def captured() -> Iterator[io.StringIO]:
    """Collect standard output, standard error and, as it is configured by the commands, the log."""
    root, output = logging.getLogger(), io.StringIO()
    ours = logging.getLogger(log_setup.OURS)
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            yield output
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        ours.setLevel(our_level)


def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
    """Resolve addresses of this computer alone."""
    if host not in {"127.0.0.1", b"127.0.0.1", "localhost"}:
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is not known")
    return RESOLVE(host, *arguments, **options)


RESOLVE = socket.getaddrinfo
PROTECTIONS = functools.cache(decoding.protections)
"""The protections of the decoder, found by a process that is started once, not by each `check`."""


def start(errors: list[BaseException]) -> Callable[..., Any]:
    """Return a function that starts all that the bot starts before its platforms connect."""

    async def run(loaded: Settings, *_: object, **__: object) -> None:
        try:
            platforms(loaded, ())
            async with composition.open_services(loaded) as opened:
                await opened.watch.check(anew=True)
            await composition.check_vault(loaded)
        except BaseException as error:
            errors.append(error)
            raise

    return run


def use(variables: dict[str, str]) -> str:
    """Run every command that reads the settings; return output, log and exceptions."""
    errors: list[BaseException] = []
    with (
        mock.patch.dict(os.environ, variables),
        mock.patch.object(socket, "getaddrinfo", resolve),
        mock.patch.object(process, "run", start(errors)),
        mock.patch.object(decoding, "protections", PROTECTIONS),
        captured() as output,
    ):
        asyncio.run(check.report(f"http://{CLOSED}", f"http://{CLOSED}/"))
        run_command.run((), None)
        asyncio.run(ask.answer(["no song"], as_json=False, pictures=PictureFiles(), model=None))
        invite.report()
        health.report()
        if store := variables.get("MODEL_STORE"):
            train(["publish", store, "--bundles", variables["MODELS_DIR"]])
        if database := variables.get("DATABASE_URL"):
            train(["fit", "--feedback", database])
    texts = ["".join(traceback.format_exception(error)) for error in errors]
    return output.getvalue() + "".join(texts)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return settings of a bot with a small model, without platforms."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    save_bundle(tmp_path / "models", "wide")
    (tmp_path / "var").mkdir()
    migrated_sqlite(tmp_path / "var" / "soundslike.db")
    return {"DATA_DIR": str(tmp_path / "var"), "MODELS_DIR": str(tmp_path / "models")}


PARTNERS = {
    "SLACK_SIGNING_SECRET": {"SLACK_BOT_TOKEN": "xoxb-1"},
    "SLACK_CLIENT_SECRET": {"SLACK_CLIENT_ID": "1", "SLACK_SIGNING_SECRET": "1"},
    "SPOTIFY_CLIENT_SECRET": {"SPOTIFY_CLIENT_ID": "1"},
    "MODEL_PUBLIC_KEY": {"MODEL_STORE": "nowhere"},
}
"""Settings without which another one is not used."""

FORMS_OF_ALL = [
    # All addresses of sources are handled alike.
    pytest.param(variable, form, marks=pytest.mark.long if variable in SOURCES[3:] else ())
    for variable, forms in FORMS.items()
    for form in forms
]

FEW = settings(
    max_examples=2,  # for each form of each setting; an example runs all commands
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize(("variable", "form"), FORMS_OF_ALL)
@FEW
@given(drawn=secrets())
def test_no_part_of_a_secret_is_shown(
    base: dict[str, str], variable: str, form: str, drawn: tuple[str, list[str]]
) -> None:
    secret, parts = drawn
    assume(form != WITHOUT_AT or "@" not in secret)
    output = use(base | PARTNERS.get(variable, {}) | {variable: form.replace("{}", secret)})
    assert output
    assert shown(parts, output) == [], output
