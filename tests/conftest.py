"""Fixtures shared by all tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import HealthCheck, settings

from tests.support import stand_ins
from tests.support.loopback import Loopback

ROOT = Path(__file__).parents[1]

# A busy machine is no reason to fail.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.fixture
async def loopback() -> AsyncIterator[Loopback]:
    """Return a running server that stands in for outside services."""
    async with Loopback().running() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a client session."""
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def specs() -> Path:
    """Return the folder with the vendors' OpenAPI documents, beside the repository."""
    folder = ROOT.parent / "shared" / "specs"
    if not folder.is_dir():
        pytest.skip("the vendors' OpenAPI documents are not here")
    return folder


@pytest.fixture
def spotify_replies() -> Path:
    """Return the folder of recorded Spotify replies in beets' sources; `make test` fetches it."""
    found = sorted(stand_ins.FOLDER.glob("beets-*/test/rsrc/spotify"))
    if not found:
        pytest.skip("beets' recorded Spotify replies are not here: make stand-ins")
    return found[-1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --no-skips, which CI uses."""
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a test was skipped and --no-skips was given.

    With pytest-xdist only the controller has a terminal reporter, and it has the results of all.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
