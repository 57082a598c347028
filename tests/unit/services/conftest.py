"""The services on fakes."""

import pytest

from tests.support.fake_app import FakeApp


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()
