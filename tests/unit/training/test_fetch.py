"""Downloads of the tables, from a local server that truncates, changes and refuses them."""

import asyncio
import errno
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from aiohttp import web

from tests.support.loopback import Loopback
from training import fetch as package
from training.__main__ import main
from training.errors import FetchError
from training.fetch import fetch
from training.fetch.sources import Manual, Public, Sources, load_sources
from training.tables.provenance import FILES

TABLE = b"name,value\n" + b"row,1\n" * 50_000
PATH = "tables/one.csv"
MEMBERS = {"archive/a.csv": b"a\n" * 1000, "archive/b.csv": b"b\n", "archive/huge.csv": b"x" * 999}


class Published:
    """A file on a server that supports ranges and can close the connection halfway."""

    def __init__(self, content: bytes, etag: str = '"1"') -> None:
        self.content = content
        self.etag = etag
        self.cut_after: int | None = None
        self.ranges: list[str | None] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        requested = request.headers.get("Range")
        self.ranges.append(requested)
        assert request.headers["Accept-Encoding"] == "identity"
        start = 0
        if requested and request.headers.get("If-Range", self.etag) == self.etag:
            start = int(requested.removeprefix("bytes=").rstrip("-"))
        if start >= len(self.content):
            where = {"Content-Range": f"bytes */{len(self.content)}"}
            return web.Response(status=416, headers=where)
        body = self.content[start:]
        response = web.StreamResponse(status=206 if start else 200, headers={"ETag": self.etag})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body if self.cut_after is None else body[: self.cut_after])
        if self.cut_after is not None and request.transport:
            request.transport.close()
        return response


@pytest.fixture
def table() -> Published:
    return Published(TABLE)


@pytest.fixture
def archive() -> Published:
    """Return an archive with three files, two of which are needed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, member in MEMBERS.items():
            writing.writestr(name, member)
    return Published(content.getvalue())


@pytest.fixture
def one(loopback: Loopback, table: Published) -> Public:
    loopback.answer("/one.csv", table.answer)
    return Public(f"{loopback.url}/one.csv", (PATH,))


@pytest.fixture
def zipped(loopback: Loopback, archive: Published) -> Public:
    loopback.answer("/all.zip", archive.answer)
    sha1 = hashlib.sha1(archive.content, usedforsecurity=False).hexdigest()
    return Public(f"{loopback.url}/all.zip", ("archive/a.csv", "archive/b.csv"), sha1)


async def run_fetch(source: Public, data: Path) -> list[str]:
    """Fetch one source."""
    return await asyncio.to_thread(lambda: list(fetch(data, Sources((source,), ()))))


async def test_table_is_fetched_once(one: Public, table: Published, tmp_path: Path) -> None:
    assert await run_fetch(one, tmp_path) == [f"{PATH}: fetched"]
    assert (tmp_path / PATH).read_bytes() == TABLE
    assert await run_fetch(one, tmp_path) == [f"{PATH}: is there"]
    assert table.ranges == [None]
    assert not (tmp_path / ".fetching").exists()


async def test_manually_added_table_is_not_changed(
    one: Public, table: Published, tmp_path: Path
) -> None:
    (tmp_path / PATH).parent.mkdir()
    (tmp_path / PATH).write_text("mine")
    assert await run_fetch(one, tmp_path) == [f"{PATH}: is there"]
    assert table.ranges == []


async def test_only_needed_files_of_an_archive_are_extracted(
    zipped: Public, tmp_path: Path
) -> None:
    assert await run_fetch(zipped, tmp_path) == ["archive/a.csv: fetched", "archive/b.csv: fetched"]
    found = {path.name: path.read_bytes() for path in (tmp_path / "archive").iterdir()}
    assert found == {"a.csv": MEMBERS["archive/a.csv"], "b.csv": MEMBERS["archive/b.csv"]}
    assert not (tmp_path / ".fetching").exists()


async def test_interrupted_download_is_resumed(
    one: Public, table: Published, tmp_path: Path
) -> None:
    table.cut_after = 100_000
    with pytest.raises(FetchError, match="the same command goes on from there"):
        await run_fetch(one, tmp_path)
    assert not (tmp_path / PATH).exists()
    table.cut_after = None
    await run_fetch(one, tmp_path)
    assert (tmp_path / PATH).read_bytes() == TABLE
    assert table.ranges == [None, "bytes=100000-"]


async def test_changed_file_is_downloaded_from_the_start(
    one: Public, table: Published, tmp_path: Path
) -> None:
    table.cut_after = 100_000
    with pytest.raises(FetchError):
        await run_fetch(one, tmp_path)
    table.cut_after, table.content, table.etag = None, TABLE.upper(), '"2"'
    await run_fetch(one, tmp_path)
    assert (tmp_path / PATH).read_bytes() == TABLE.upper()


@pytest.mark.parametrize("etag", ["", 'W/"1"'])
async def test_download_without_a_strong_tag_is_not_resumed(
    one: Public, table: Published, tmp_path: Path, etag: str
) -> None:
    table.cut_after, table.etag = 100_000, etag
    with pytest.raises(FetchError):
        await run_fetch(one, tmp_path)
    table.cut_after = None
    await run_fetch(one, tmp_path)
    assert table.ranges == [None, None]
    assert (tmp_path / PATH).read_bytes() == TABLE


async def test_complete_download_is_not_repeated(
    zipped: Public, archive: Published, tmp_path: Path
) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(FetchError, match="cannot be written"):
        await run_fetch(zipped, tmp_path)
    (tmp_path / "archive").unlink()
    await run_fetch(zipped, tmp_path)
    assert archive.ranges == [None, f"bytes={len(archive.content)}-"]


async def test_wrong_checksum_is_an_error_and_deletes_the_download(
    zipped: Public, archive: Published, tmp_path: Path
) -> None:
    right, archive.content = archive.content, archive.content[:-1] + b"!"
    with pytest.raises(FetchError, match=f"its SHA-1 is [0-9a-f]+, expected {zipped.sha1}"):
        await run_fetch(zipped, tmp_path)
    archive.content = right
    assert len(await run_fetch(zipped, tmp_path)) == 2


async def test_table_that_differs_from_the_first_download_is_an_error(
    one: Public, table: Published, tmp_path: Path
) -> None:
    await run_fetch(one, tmp_path)
    (tmp_path / PATH).unlink()
    table.content, table.etag = TABLE.upper(), '"2"'
    with pytest.raises(FetchError, match=r"is not the tables/one\.csv that was first"):
        await run_fetch(one, tmp_path)
    assert not (tmp_path / PATH).exists()
    (tmp_path / "fetched.json").write_text("{}")
    assert await run_fetch(one, tmp_path) == [f"{PATH}: fetched"]


async def test_locally_modified_table_is_an_error(one: Public, tmp_path: Path) -> None:
    await run_fetch(one, tmp_path)
    (tmp_path / PATH).write_text("changed")
    with pytest.raises(FetchError, match=f"{tmp_path / PATH} is not the {PATH}"):
        await run_fetch(one, tmp_path)


@pytest.mark.parametrize("record", ["", "[1]", "{", "\xff"])
async def test_damaged_record_is_an_error(one: Public, tmp_path: Path, record: str) -> None:
    (tmp_path / "fetched.json").write_bytes(record.encode("latin-1"))
    with pytest.raises(FetchError, match=r"fetched\.json cannot be read"):
        await run_fetch(one, tmp_path)


async def test_invalid_or_incomplete_archive_is_an_error(
    zipped: Public, archive: Published, tmp_path: Path
) -> None:
    other = Public(zipped.url, ("archive/none.csv",))
    with pytest.raises(FetchError, match=r"no such file: .*archive/none\.csv"):
        await run_fetch(other, tmp_path)
    archive.content, archive.etag = b"no archive", '"2"'
    with pytest.raises(FetchError, match="cannot be unpacked"):
        await run_fetch(other, tmp_path)


async def test_missing_url_is_an_error(loopback: Loopback, tmp_path: Path) -> None:
    missing = Public(f"{loopback.url}/gone.csv", (PATH,))
    with pytest.raises(FetchError, match=r"/gone\.csv answers 404 Not Found"):
        await run_fetch(missing, tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
async def test_full_disk_is_a_one_line_error(one: Public, tmp_path: Path) -> None:
    (tmp_path / ".fetching").mkdir()
    (tmp_path / ".fetching" / "one.csv.part").symlink_to("/dev/full")
    with pytest.raises(FetchError, match=os.strerror(errno.ENOSPC)):
        await run_fetch(one, tmp_path)


def test_no_network_is_a_one_line_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unreachable = Sources((Public("http://127.0.0.1:1/one.csv", (PATH,)),), ())
    monkeypatch.setattr(package, "load_sources", lambda: unreachable)
    assert main(["fetch", "--data", str(tmp_path)]) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith("http://127.0.0.1:1/one.csv cannot be reached")
    assert "\n" not in error


def test_tables_to_download_manually_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = (Manual("a.csv", "a place", "reggae"), Manual("b.csv", "there", "jazz"))
    (tmp_path / "b.csv").write_text("")
    monkeypatch.setattr(package, "load_sources", lambda: Sources((), tables))
    assert main(["fetch", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a.csv: download it manually from a place; without it the models do not learn reggae",
        "b.csv: is there",
    ]


def test_every_table_has_a_source() -> None:
    sources = load_sources()
    public = {path for source in sources.public for path in source.paths}
    assert public == {*FILES["fma"], *FILES["billboard"], *FILES["playlists"]}
    manual = {table.path for table in sources.manual}
    assert manual | public == {file for files in FILES.values() for file in files}
    assert all(source.url.startswith("https://") for source in sources.public)
    assert [source.archive for source in sources.public] == [True, False, False]


async def test_record_holds_the_digest_of_each_table(one: Public, tmp_path: Path) -> None:
    await run_fetch(one, tmp_path)
    record = json.loads((tmp_path / "fetched.json").read_text())
    assert record == {PATH: hashlib.sha256(TABLE).hexdigest()}
