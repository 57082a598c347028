"""Imports run one way, and a vendor's package stays in its adapter."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.support.layers import MAY_IMPORT, PLATFORM_FILES

ROOT = Path(__file__).parents[2]

OURS = ("bot", "model", "training", "soundslike", "tests")

ONLY_IN = {
    "discord": ("bot/platforms/discord/",),
    "slack_bolt": ("bot/platforms/slack/",),
    "slack_sdk": ("bot/platforms/slack/",),
    "spotipy": ("bot/sources/spotify/session.py",),
    "requests": ("bot/sources/spotify/",),
    "asyncpg": ("bot/storage/",),
    "psycopg": ("training/feedback/database.py",),
    "sqlalchemy": (
        "bot/storage/",
        "training/feedback/database.py",
        "training/feedback/reading.py",
        "training/sound/heard_votes.py",
    ),
    "fsspec": ("model/store_files.py",),
    "alembic": ("bot/storage/",),
    "aiosqlite": ("bot/storage/",),
    "PIL": ("bot/render/",),
    "fontTools": ("bot/render/svg.py", "bot/render/typefaces.py"),
    "fpdf": ("bot/render/pdf.py",),
    "bidi": ("bot/render/directions.py",),
    "arabic_reshaper": ("bot/render/directions.py",),
    "onnxruntime": ("model/runtime.py", "training/sound/convert/convert.py"),
    "pyloudnorm": (),
    "scipy": ("training/",),
    "soundfile": ("model/sound/soundfile_reader.py", "training/sound/measure.py"),
    "av": ("model/sound/av_reader.py",),
    "soxr": (
        "model/sound/excerpts.py",
        "model/sound/resampling.py",
        "training/sound/measure.py",
    ),
    "tensorflow": ("training/sound/convert/convert.py",),
    "tf2onnx": ("training/sound/convert/convert.py",),
    "musicnn": ("training/sound/convert/convert.py",),
    "altair": ("training/study/report/charts.py",),
    "vl_convert": ("training/study/report/charts.py",),
    "jinja2": (
        "bot/platforms/web/pages.py",
        "bot/render/model_page.py",
        "training/study/report/render.py",
        "training/templates.py",
    ),
    "markupsafe": ("bot/platforms/web/pages.py", "training/study/report/render.py"),
    "distributed": ("training/study/clusters.py",),
    "orjson": ("model/decimal_text.py",),
    "rapidfuzz": ("bot/domain/similarity.py",),
    "jax": ("training/network.py", "training/retrain/fine_tune.py"),
    "optax": ("training/network.py", "training/retrain/fine_tune.py"),
    "onnx": ("training/export.py", "training/retrain/networks.py"),
    "sklearn": ("training/",),
    "joblib": ("training/",),
    "pandas": ("training/",),
    "pickle": (),
    "pydantic": (
        "bot/runtime/settings.py",
        "bot/runtime/learning_settings.py",
        "bot/runtime/redaction.py",
        "bot/sources/reply_cache.py",
        "training/figures.py",
        "training/study/results.py",
    ),
    "cryptography": ("bot/storage/", "model/signature.py"),
    "dotenv": ("bot/runtime/settings.py", "model/variables.py", "training/deployment.py"),
    "platformdirs": ("model/folders.py",),
    "typer": (
        "bot/cli/",
        "model/command_line.py",
        "model/commands.py",
        "training/cli.py",
        "training/cli_options.py",
        "training/data_cli.py",
        "training/retrain_cli.py",
        "training/sentences.py",
        "training/commands/",
        "soundslike/",
    ),
    "rich": ("bot/platforms/slack/emoji_names.py",),
    "cronsim": ("bot/runtime/learning_settings.py", "bot/runtime/retraining.py"),
    "pyarrow": ("training/feedback/export.py",),
    "pydantic_settings": ("bot/runtime/settings.py",),
}

STUDY_COMMAND = Path("training/commands/study.py")

FILES = sorted(
    path.relative_to(ROOT)
    for package in ("bot", "model", "training", "soundslike")
    for path in (ROOT / package).rglob("*.py")
)


@cache
def imported(path: Path) -> Sequence[str]:
    """Return the modules that a file imports; a file is parsed once for all tests."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a thing comes from"
            # `from bot import texts` imports bot.texts
            package = ROOT / (node.module or "").replace(".", "/")
            for alias in node.names:
                inner = (package / f"{alias.name}.py").exists() or (package / alias.name).is_dir()
                yield f"{node.module}.{alias.name}" if inner else node.module or ""


def test_imports_run_one_way() -> None:
    assert [(str(path), name) for path in FILES for name in upwards(path)] == []


def upwards(path: Path) -> Iterator[str]:
    """Yield what a file imports of ours and may not."""
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    allowed = MAY_IMPORT[max((layer for layer in MAY_IMPORT if within(module, layer)), key=len)]
    own = ".".join(module.split(".")[:3]) if within(module, "bot.platforms") else module
    for name in imported(path):
        if top(name) in OURS and not any(within(name, ok) for ok in {*allowed, own}):
            yield name


def test_only_the_study_knows_the_study() -> None:
    others = [
        path for path in FILES if path.parts[:2] != ("training", "study") and path != STUDY_COMMAND
    ]
    assert [
        (str(path), name)
        for path in others
        for name in imported(path)
        if within(name, "training.study")
    ] == []


def test_a_vendors_package_stays_in_its_adapter() -> None:
    assert [
        (str(path), name)
        for path in FILES
        for name in map(top, imported(path))
        if name in ONLY_IN and not str(path).startswith(ONLY_IN[name] or ("nowhere",))
    ] == []


def test_nothing_lies_flat_in_the_bot() -> None:
    assert {path.name for path in (ROOT / "bot").glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("platform", ["web", "discord", "slack"])
def test_the_same_file_does_the_same_job_on_every_platform(platform: str) -> None:
    there = {path.stem for path in (ROOT / "bot" / "platforms" / platform).glob("*.py")}
    assert there >= PLATFORM_FILES


def test_starting_the_bot_imports_nothing_heavy_it_does_not_use() -> None:
    heavy = (
        "sklearn joblib pandas matplotlib spotipy discord slack_bolt alembic fsspec asyncpg "
        "onnxruntime orjson rapidfuzz rich pyloudnorm scipy soundfile soxr "
        "fontTools fpdf bidi arabic_reshaper jax optax onnx pyarrow"
    )
    code = (
        "import sys, bot.runtime.composition, bot.runtime.platforms, soundslike.cli; "
        "import bot.platforms.web.platform; "
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_a_file_stays_within_three_hundred_lines() -> None:
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {str(path): count for path, count in lines.items() if count > 300} == {}


def top(module: str) -> str:
    return module.partition(".")[0]


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
