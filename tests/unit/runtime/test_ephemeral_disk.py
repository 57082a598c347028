"""Detection of disks that are wiped at a restart, by environment variables and mounts."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime.ephemeral_disk import warning, wiped_at_restart
from bot.runtime.settings import Settings

MACHINE = "/dev/vda / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n"
CONTAINER = "overlay / overlay rw,lowerdir=/a:/b 0 0\nproc /proc proc rw 0 0\n"
VOLUME = CONTAINER + "/dev/sda1 /data ext4 rw 0 0\n"
VOLUME_WITH_SPACE = CONTAINER + "/dev/sda1 /my\\040data ext4 rw 0 0\n"
MOUNTED_OVER = VOLUME + "tmpfs /data tmpfs rw 0 0\n"
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
        pytest.param(MACHINE, "/runs", {}, None, id="path with a common prefix"),
        pytest.param(CONTAINER, "/data", {}, "the container's own disk", id="no volume"),
        pytest.param(VOLUME, "/data", {}, None, id="a volume"),
        pytest.param(VOLUME, "/data/a/b", {}, None, id="deep in a volume"),
        pytest.param(VOLUME, "/app/var", {}, "the container's own disk", id="beside a volume"),
        pytest.param(
            VOLUME_WITH_SPACE, "/my data/var", {}, None, id="a volume with a space in its name"
        ),
        pytest.param(MOUNTED_OVER, "/data", {}, "a disk in memory", id="mount over a volume"),
        pytest.param("", "/data", {}, None, id="empty mount table"),
        pytest.param(MACHINE, "/app/var", {"DYNO": "worker.1"}, "Heroku's disk", id="Heroku"),
        pytest.param(VOLUME, "/data", {"DYNO": "w"}, "Heroku's disk", id="Heroku has no volumes"),
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
def test_disk_that_is_wiped_at_a_restart_is_described(
    mounts: Path, table: str, folder: str, environ: Mapping[str, str], disk: str | None
) -> None:
    mounts.write_text(table)
    assert wiped_at_restart(Path(folder), environ, mounts) == disk


def test_host_is_detected_without_a_mount_table(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    assert wiped_at_restart(tmp_path, {}, missing) is None
    assert wiped_at_restart(tmp_path, {"RENDER": "true"}, missing) == "Render's disk"


def test_symlink_to_a_volume_counts_as_the_volume(tmp_path: Path, mounts: Path) -> None:
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
        pytest.param("/app/var", POSTGRESQL, None, True, id="only the hash key"),
        pytest.param("/app/var", None, "k", True, id="only the database"),
        pytest.param(
            "/app/var", "sqlite+aiosqlite:////data/b.db", "k", False, id="database on a volume"
        ),
        pytest.param(
            "/data",
            "sqlite+aiosqlite:////app/b.db",
            "k",
            True,
            id="database outside the volume",
        ),
    ],
)
def test_warning_if_database_or_key_is_on_an_ephemeral_disk(
    mounts: Path, data_dir: str, url: str | None, key: str | None, *, warned: bool
) -> None:
    mounts.write_text(VOLUME)
    settings = Settings(
        data_dir=Path(data_dir), database_url=url, user_hash_key=SecretStr(key) if key else None
    )
    text = warning(settings, {}, mounts)
    assert (text is not None) is warned
    if text:
        assert "/app" in text
        assert "the container's own disk" in text
        assert "DATABASE_URL=postgresql://" in text
        assert "USER_HASH_KEY" in text
        assert "hush" not in text
