"""Detects disks that are wiped at a restart or an update."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.runtime.settings import Settings
from bot.storage.engine import database_file
from bot.texts import operator

HOSTS: Final[Mapping[str, str]] = {
    "DYNO": "Heroku",
    "RENDER": "Render",
    "FLY_APP_NAME": "Fly.io",
    "RAILWAY_PROJECT_ID": "Railway",
    "K_SERVICE": "Google Cloud Run",
    "CLOUD_RUN_JOB": "Google Cloud Run",
    "CLOUD_RUN_WORKER_POOL": "Google Cloud Run",
    "WEBSITE_SITE_NAME": "Azure App Service",
}
"""Environment variable to the hosting service that sets it; its disks are wiped at a restart."""

WITHOUT_VOLUMES: Final = frozenset({"Heroku"})

AZURE_STORAGE: Final = "WEBSITES_ENABLE_APP_SERVICE_STORAGE"
"""With the value "false", Azure's /home is wiped, too."""

EPHEMERAL: Final[Mapping[str, str]] = {
    "overlay": "the container's own disk",
    "aufs": "the container's own disk",
    "tmpfs": "a disk in memory",
    "ramfs": "a disk in memory",
}
"""File systems that are lost with their container or at power-off."""

MOUNTS: Final = Path("/proc/mounts")


def warning(settings: Settings, environ: Mapping[str, str], mounts: Path = MOUNTS) -> str | None:
    """Return a warning for the operator; None if database and key are on durable disks."""
    folders = [] if settings.user_hash_key else [settings.data_dir]
    if file := database_file(settings.database):
        folders.append(file.parent)
    for folder in folders:
        if disk := wiped_at_restart(folder, environ, mounts):
            return operator.ephemeral_disk_warning(folder, disk)
    return None


def wiped_at_restart(folder: Path, environ: Mapping[str, str], mounts: Path = MOUNTS) -> str | None:
    """Return a description of the disk with `folder` if it is wiped at a restart or an update.

    Volumes are durable, except on Heroku, which has none. None is also returned if the disk cannot
    be determined, as on systems without a mount table.

    Args:
        folder: The folder.
        environ: Environment variables, which identify the hosting service.
        mounts: A file in the format of /proc/mounts.
    """
    host = next((name for variable, name in HOSTS.items() if environ.get(variable)), None)
    where, kind = _mount(folder.resolve(), mounts)
    if kind in EPHEMERAL:
        return EPHEMERAL[kind] if host is None else f"{host}'s disk"
    if host and (host in WITHOUT_VOLUMES or where == Path("/") or _switched_off(where, environ)):
        return f"{host}'s disk"
    return None


def _switched_off(where: Path, environ: Mapping[str, str]) -> bool:
    return where == Path("/home") and environ.get(AZURE_STORAGE, "").lower() == "false"


def _mount(folder: Path, mounts: Path) -> tuple[Path, str]:
    """Return mount point and file system of `folder`; of several at one point, the last."""
    found = Path("/"), ""
    for where, kind in _table(mounts):
        if folder.is_relative_to(where) and len(where.parts) >= len(found[0].parts):
            found = where, kind
    return found


def _table(mounts: Path) -> Iterator[tuple[Path, str]]:
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not Linux
        return
    for _, where, kind in re.findall(r"^(\S+) (\S+) (\S+) ", table, re.MULTILINE):
        yield Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), where)), kind
