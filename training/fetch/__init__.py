"""Downloads the public training tables to the folder of tables."""

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tqdm import tqdm

from training.errors import FetchError
from training.fetch.download import download
from training.fetch.ledger import Ledger, digest
from training.fetch.sources import Manual, Public, Sources, load_sources

DOWNLOADS: Final = ".fetching"
"""Subfolder for downloads that are incomplete or unchecked."""


def fetch(data: Path, sources: Sources | None = None) -> Iterator[str]:
    """Download the tables that are missing in the folder `data`; yields a message for each table.

    Existing tables are checked against the record of their first download, if there is one. By
    default, `training/sources.toml` says where tables are published. Raises FetchError if a
    download failed; tables fetched before it stay.
    """
    sources = load_sources() if sources is None else sources
    ledger = Ledger(data)
    for source in sources.public:
        missing = [path for path in source.paths if not (data / path).exists()]
        for path in source.paths:
            if path not in missing:
                ledger.check(path, data / path)
                yield f"{path}: is there"
        if missing:
            _fetch(source, missing, data, ledger)
            yield from (f"{path}: fetched" for path in missing)
    yield from (_manual(table, data) for table in sources.manual)


def _fetch(source: Public, missing: Sequence[str], data: Path, ledger: Ledger) -> None:
    part = data / DOWNLOADS / f"{source.name}.part"
    download(source.url, part)
    if source.sha1 and (found := digest(part, "sha1")) != source.sha1:
        part.unlink()
        raise FetchError(
            f"{source.url} is damaged or another file than was published: its SHA-1 is {found}, "
            f"expected {source.sha1}"
        )
    try:
        if source.archive:
            _unpack(part, missing, data, ledger)
        else:
            _install(part, missing[0], data, ledger)
    except OSError as error:
        raise FetchError(f"{data} cannot be written: {error.strerror}") from error
    shutil.rmtree(part.parent)


def _unpack(archive: Path, paths: Sequence[str], data: Path, ledger: Ledger) -> None:
    """Extract only `paths` from the archive."""
    try:
        with zipfile.ZipFile(archive) as content:
            for path in paths:
                unpacked = archive.parent / "unpacked"
                size = content.getinfo(path).file_size
                with (
                    content.open(path) as source,
                    unpacked.open("wb") as target,
                    tqdm.wrapattr(source, "read", size, desc=path) as counted,
                ):
                    shutil.copyfileobj(counted, target)
                _install(unpacked, path, data, ledger)
    except KeyError as error:
        raise FetchError(f"{archive} has no such file: {error}") from error
    except zipfile.BadZipFile as error:
        raise FetchError(f"{archive} cannot be unpacked: {error}") from error


def _install(file: Path, path: str, data: Path, ledger: Ledger) -> None:
    """Record a complete file and move it to its place."""
    ledger.record(path, file)
    (data / path).parent.mkdir(parents=True, exist_ok=True)
    file.replace(data / path)


def _manual(table: Manual, data: Path) -> str:
    if (data / table.path).exists():
        return f"{table.path}: is there"
    return (
        f"{table.path}: download it manually from {table.origin}; "
        f"without it the models do not learn {table.lost}"
    )
