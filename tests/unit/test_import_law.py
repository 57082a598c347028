"""Imports run one way, and a vendor's package stays in its adapter."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAY_IMPORT = {"model": {"model"}, "training": {"training", "model"}, "bot": {"bot", "model"}}
OURS = {"bot", "model", "training", "tests"}

ONLY_IN = {
    "discord": ("bot/platforms/discord/",),
    "slack_bolt": ("bot/platforms/slack/",),
    "slack_sdk": ("bot/platforms/slack/",),
    "spotipy": ("bot/catalog/spotify.py", "bot/features/spotify.py"),
    "requests": ("bot/catalog/spotify.py",),
    "asyncpg": ("bot/storage/",),
    "psycopg": ("training/feedback.py",),
    "sqlalchemy": ("bot/storage/", "training/feedback.py"),
    "fsspec": ("model/remote.py",),
    "alembic": ("bot/storage/",),
    "aiosqlite": ("bot/storage/",),
    "PIL": ("bot/render/",),
    "onnxruntime": ("model/runtime.py",),
    "sklearn": ("training/",),
    "joblib": ("training/",),
    "pandas": ("training/",),
    "pickle": (),
    "pydantic": ("bot/settings.py", "bot/log.py"),
    "pydantic_settings": ("bot/settings.py",),
}

FILES = sorted(
    path.relative_to(ROOT) for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py")
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a thing comes from"
            yield node.module or ""


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    mine = {name for name in map(top, imported(path)) if name in OURS}
    assert mine <= MAY_IMPORT[path.parts[0]]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_vendors_package_stays_in_its_adapter(path: Path) -> None:
    strays = [
        name
        for name in map(top, imported(path))
        if name in ONLY_IN and not str(path).startswith(ONLY_IN[name] or ("nowhere",))
    ]
    assert strays == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_adapters_know_a_platform(path: Path) -> None:
    if path.parts[:2] == ("bot", "platforms") or path == Path("bot/app.py"):
        return
    assert not [name for name in imported(path) if name.startswith("bot.platforms")]


def test_starting_the_bot_imports_nothing_heavy_it_does_not_use() -> None:
    heavy = (
        "sklearn joblib pandas matplotlib spotipy discord slack_bolt alembic fsspec asyncpg "
        "onnxruntime"
    )
    code = (
        "import sys, bot.app, bot.cli.main, bot.platforms.local.platform; "
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_stays_within_three_hundred_lines(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300


def top(module: str) -> str:
    return module.partition(".")[0]
