"""Whether what the bot writes outlives a restart, told by the host's variables and its mounts."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime.ephemeral_disk import warning, wiped_at_restart
from bot.runtime.settings import Settings

MACHINE = "/dev/vda / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n"
CONTAINER = "overlay / overlay rw,lowerdir=/a:/b 0 0\nproc /proc proc rw 0 0\n"
VOLUME = CONTAINER + "/dev/sda1 /data ext4 rw 0 0\n"
SPACED = CONTAINER + "/dev/sda1 /my\\040data ext4 rw 0 0\n"
COVERED = VOLUME + "tmpfs /data tmpfs rw 0 0\n"
AZURE = CONTAINER + "//share /home cifs rw 0 0\n"

OFF = {"WEBSITE_SITE_NAME": "x", "WEBSITES_ENABLE_APP_SERVICE_STORAGE": "false"}


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    return tmp_path / "mounts"


@pytest.mark.parametrize(
    ("table", "folder", "environ", "disk"),
    [
        pytest.param(MACHINE, "/srv/bot/var", {}, None, id="a machine's own disk"),
        pytest.param(MACHINE, "/run/var", {}, "a disk in memory", id="a disk in memory"),
        pytest.param(MACHINE, "/runs", {}, None, id="a name that begins alike"),
        pytest.param(CONTAINER, "/data", {}, "the container's own disk", id="no volume"),
        pytest.param(VOLUME, "/data", {}, None, id="a volume"),
        pytest.param(VOLUME, "/data/a/b", {}, None, id="deep in a volume"),
        pytest.param(VOLUME, "/app/var", {}, "the container's own disk", id="beside a volume"),
        pytest.param(SPACED, "/my data/var", {}, None, id="a volume with a space in its name"),
        pytest.param(COVERED, "/data", {}, "a disk in memory", id="a volume that is covered"),
        pytest.param("", "/data", {}, None, id="no table of mounts"),
        pytest.param(MACHINE, "/app/var", {"DYNO": "worker.1"}, "Heroku's disk", id="Heroku"),
        pytest.param(VOLUME, "/data", {"DYNO": "w"}, "Heroku's disk", id="Heroku, never safe"),
        pytest.param(MACHINE, "/x", {"RENDER": "true"}, "Render's disk", id="Render"),
        pytest.param(VOLUME, "/data", {"RENDER": "true"}, None, id="Render, on a disk"),
        pytest.param(MACHINE, "/x", {"FLY_APP_NAME": "x"}, "Fly.io's disk", id="Fly"),
        pytest.param(VOLUME, "/data", {"FLY_APP_NAME": "x"}, None, id="Fly, on a volume"),
        pytest.param(CONTAINER, "/x", {"RAILWAY_PROJECT_ID": "x"}, "Railway's disk", id="Railway"),
        pytest.param(MACHINE, "/x", {"K_SERVICE": "x"}, "Google Cloud Run's disk", id="Cloud Run"),
        pytest.param(
            CONTAINER, "/x", {"WEBSITE_SITE_NAME": "x"}, "Azure App Service's disk", id="Azure"
        ),
        pytest.param(AZURE, "/home/bot", {"WEBSITE_SITE_NAME": "x"}, None, id="Azure, in /home"),
        pytest.param(AZURE, "/home/bot", OFF, "Azure App Service's disk", id="Azure, switched off"),
        pytest.param(MACHINE, "/x", {"DYNO": ""}, None, id="an empty variable"),
    ],
)
def test_the_disk_is_named_when_a_restart_wipes_it(
    mounts: Path, table: str, folder: str, environ: Mapping[str, str], disk: str | None
) -> None:
    mounts.write_text(table)
    assert wiped_at_restart(Path(folder), environ, mounts) == disk


def test_without_a_table_of_mounts_the_host_still_tells(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert wiped_at_restart(tmp_path, {}, none) is None
    assert wiped_at_restart(tmp_path, {"RENDER": "true"}, none) == "Render's disk"


def test_a_link_into_a_volume_is_on_the_volume(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "volume").mkdir()
    (tmp_path / "var").symlink_to(tmp_path / "volume")
    mounts.write_text(f"overlay / overlay rw 0 0\n/dev/sda1 {tmp_path}/volume ext4 rw 0 0\n")
    assert wiped_at_restart(tmp_path / "var", {}, mounts) is None


POSTGRESQL = "postgresql://bot:hush@db/bot"


@pytest.mark.parametrize(
    ("data_dir", "url", "key", "warned"),
    [
        pytest.param("/app/var", None, None, True, id="all on the container's disk"),
        pytest.param("/data", None, None, False, id="all on a volume"),
        pytest.param("/app/var", POSTGRESQL, "k", False, id="nothing on a disk"),
        pytest.param("/app/var", POSTGRESQL, None, True, id="the key of the hashes alone"),
        pytest.param("/app/var", None, "k", True, id="the database alone"),
        pytest.param("/app/var", "sqlite+aiosqlite:////data/b.db", "k", False, id="its own place"),
        pytest.param("/data", "sqlite+aiosqlite:////app/b.db?x=1", "k", True, id="a wrong place"),
    ],
)
def test_the_operator_is_warned_when_something_will_be_lost(
    mounts: Path, data_dir: str, url: str | None, key: str | None, *, warned: bool
) -> None:
    mounts.write_text(VOLUME)
    known = Settings(
        data_dir=Path(data_dir), database_url=url, user_hash_key=SecretStr(key) if key else None
    )
    said = warning(known, {}, mounts)
    assert (said is not None) is warned
    if said:
        assert "/app" in said
        assert "the container's own disk" in said
        assert "DATABASE_URL=postgresql://" in said
        assert "USER_HASH_KEY" in said
        assert "hush" not in said
