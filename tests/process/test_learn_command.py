"""`python -m bot learn` as a process."""

import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from pathlib import Path

from tests.support.bot_process import first_line, wait_for_exit, warnings_of


async def test_it_says_what_it_will_do_and_exits_with_0_when_it_is_stopped(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bot", "learn"),
        cwd=tmp_path,
        env=environment | {"RETRAIN_AT": "0 4 * * 1"},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        line = await first_line(process)
        assert line.startswith("Learning: the model is retrained at 0 4 * * 1 (UTC), next on ")
        process.send_signal(signal.SIGTERM)
        code, out, err = await wait_for_exit(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert (code, out, warnings_of(err)) == (0, "", [])
