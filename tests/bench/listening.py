"""Measures listening: processor time, memory, pauses of the event loop, a folder of songs.

Runs what takes memory in a process of its own:

python -m tests.bench.listening FILE
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.concurrency.worker_process import WorkerProcess
from bot.listening.hearing import Hearing
from bot.listening.listener import SoundListener
from tests.bench.loop import longest_pause
from tests.bench.table import Row, milliseconds, seconds
from tests.support import sounds

CLIP_SECONDS = 30
SONG_SECONDS = 240
SONGS = 20
WAITING = 10
MAX_CPU_SECONDS = 1.6
MAX_MEMORY_MB = 200
MAX_BLOCKED_SECONDS = 0.02
MIN_SPEED = 100


def measure(scratch: Path) -> Iterator[Row]:
    """Yield the rows for one clip, for clips that wait, and for a folder."""
    scratch.mkdir(parents=True)
    clip = sounds.write(scratch / "clip.mp3", CLIP_SECONDS)
    yield from _one_clip(clip)
    yield _front_end()
    yield from _waiting(clip)
    yield _folder(scratch)


def _one_clip(clip: Path) -> Iterator[Row]:
    first, later, memory = _processor_seconds(clip)
    yield Row(
        f"{CLIP_SECONDS} s of sound, processor time with the decoder",
        f"{later:.2f} s; {first:.2f} s with the start of the process",
        "",
        f"under {MAX_CPU_SECONDS} s",
        max(first, later) < MAX_CPU_SECONDS,
    )
    yield Row(
        "memory of the process that listens, at most",
        f"{memory:.0f} MB",
        "",
        f"under {MAX_MEMORY_MB} MB",
        memory < MAX_MEMORY_MB,
    )


def _processor_seconds(clip: Path) -> tuple[float, float, float]:
    """Return the processor time of the first and of a later sound, and the memory in MB."""
    worker: list[WorkerProcess] = []

    def start() -> WorkerProcess:
        worker.append(WorkerProcess("bot.listening.worker", 60.0))
        return worker[0]

    hearing = Hearing(start=start)
    try:
        times = []
        for _ in range(4):
            before = _used(worker[0].pid if worker else None)
            hearing.hear(clip.open("rb"))
            times.append(_used(worker[0].pid) - before)
        memory = _peak_memory(worker[0].pid)
    finally:
        hearing.close()
    return times[0], sorted(times[1:])[1], memory


def _peak_memory(pid: int | str) -> float:
    """Return the highest resident memory of a process in MB.

    The kernel's own figure, as `ru_maxrss` of a new process starts with that of its parent.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return int(peak) / 1024


def _used(pid: int | None) -> float:
    """Return the processor time of this process, its ended children and a running one."""
    own, ended = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    total = own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime
    if pid is None:
        return total
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return total + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _front_end() -> Row:
    import librosa
    import numpy as np

    from model.sound.front_end import log_mel

    mono = sounds.song(CLIP_SECONDS).mean(axis=1)[: CLIP_SECONDS * 16_000].astype(np.float32)

    def theirs() -> None:
        mel = librosa.feature.melspectrogram(
            y=mono, sr=16_000, n_fft=512, hop_length=256, n_mels=96
        )
        np.log10(10_000 * mel + 1)

    ours = seconds(lambda: log_mel(mono), 9)
    baseline = seconds(theirs, 9)
    return Row(
        f"spectrogram of {CLIP_SECONDS} s",
        milliseconds(ours),
        f"{milliseconds(baseline)} (librosa)",
        "no slower",
        ours < baseline * 1.1,
    )


def _waiting(clip: Path) -> Iterator[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.listening", str(clip)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    yield Row(
        f"loop blocked while {WAITING} clips are heard",
        f"{milliseconds(found['longest'])}, by itself {milliseconds(found['own'])}",
        f"{milliseconds(found['idle'])} (idle)",
        f"under {milliseconds(MAX_BLOCKED_SECONDS)} over idle",
        found["longest"] - found["idle"] < MAX_BLOCKED_SECONDS,
    )
    yield Row(
        f"memory of the bot's process while {WAITING} clips wait",
        f"{found['memory']:.0f} MB",
        "",
        f"under {MAX_MEMORY_MB} MB",
        found["memory"] < MAX_MEMORY_MB,
    )
    yield Row(
        f"{WAITING} clips of {WAITING} people at once, last answer",
        f"{found['seconds']:.1f} s; {found['informed']} were told that they wait",
        "",
        "everyone who waits",
        found["informed"] >= WAITING - 2,
    )


def _folder(scratch: Path) -> Row:
    folder = scratch / "songs"
    folder.mkdir()
    for number in range(SONGS):
        sounds.write(folder / f"{number}.mp3", SONG_SECONDS, seed=number)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "model", "listen", str(folder), "--out", str(scratch / "table.csv")],
        capture_output=True,
        check=True,
    )
    spent = time.perf_counter() - start
    rows = (scratch / "table.csv").read_text(encoding="utf-8").count("\n") - 1
    speed = SONGS * SONG_SECONDS / spent
    return Row(
        f"folder of {SONGS} songs of four minutes, against real time",
        f"{speed:.0f}x, {spent / SONGS:.2f} s a song, {rows} rows",
        "",
        f"at least {MIN_SPEED}x",
        speed >= MIN_SPEED and rows == SONGS,
    )


async def _hear_all(clip: Path) -> dict[str, float]:
    from bot.runtime.composition import open_services
    from bot.runtime.settings import Settings

    informed: set[int] = set()

    async with SoundListener() as listener:

        async def hear(number: int) -> None:
            async def waiting(_: int) -> None:
                informed.add(number)

            with clip.open("rb") as sound:
                await listener.listen(sound, str(number), waiting)

        async def hear_all() -> None:
            await asyncio.gather(*(hear(number) for number in range(WAITING)))

        async with open_services(Settings(data_dir=clip.parent / "bot")):
            await hear(-1)
            start = time.perf_counter()
            busy = await longest_pause(hear_all())
            spent = time.perf_counter() - start
            idle = await longest_pause(asyncio.sleep(spent))
    return {
        "longest": busy.longest,
        "own": busy.own,
        "idle": idle.longest,
        "memory": _peak_memory("self"),
        "informed": len(informed),
        "seconds": spent,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_hear_all(Path(sys.argv[1])))))
