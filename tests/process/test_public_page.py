"""`run --platform web --public` as a process, asked as by a proxy."""

from pathlib import Path

import aiohttp

from tests.support.bot_process import running_bot
from tests.unit.platforms.web.public import HOST, URL, visit


async def test_page_is_served_to_everyone(environment: dict[str, str], tmp_path: Path) -> None:
    variables = environment | {"PUBLIC_URL": f"{URL}/"}
    arguments = ("--platform", "web", "--public")
    async with (
        running_bot(*arguments, folder=tmp_path, environment=variables) as process,
        aiohttp.ClientSession(f"http://127.0.0.1:{environment['WEB_PORT']}") as session,
    ):
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        assert line.startswith("Web: http://127.0.0.1:")
        assert line.endswith(f"open to everyone at {URL}\n")
        async with session.get("/", headers=visit()) as response:
            assert response.status == 200
            assert "Strict-Transport-Security" in response.headers
        async with session.get("/", headers=visit(Host=f"evil.{HOST}")) as response:
            assert response.status == 421
        process.terminate()
        assert await process.communicate() == (b"", b"")
