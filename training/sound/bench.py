"""Measures what is heard on sound files of known genre: `make bench-audio`.

    python -m training.sound.bench [FOLDER] [--write FILE]

The labels are those of the folder's `labels.csv` (columns file, genre, perhaps artist), else the
names of the folders that the files are in. Without FOLDER, `../shared/audio` is heard, if it is
there. Prints a line for each file and the figures, and writes all but the time as JSON, for the
tagger's card.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from model.errors import ModelError
from model.sound.decoding import decode_file
from model.sound.errors import NotAudio
from model.sound.heard import Heard
from model.sound.listener import SoundModel
from model.sound.tag_words import worth_saying
from training.errors import TrainingError
from training.sound.clips import Clip, clips
from training.sound.heard_figures import Hearing, figures

DEFAULT: Final = Path("../shared/audio")

FEW: Final = 200
"""With fewer clips, the figures are called few."""


def hear(model: SoundModel, clip: Clip) -> Hearing:
    """Listen to a clip; raises NotAudio or ListeningFailed."""
    start = time.perf_counter()
    heard = model.listen(decode_file(clip.path))
    return Hearing(clip, heard, time.perf_counter() - start)


def hear_all(model: SoundModel, found: Sequence[Clip]) -> Iterator[Hearing]:
    """Yield what is heard of the clips, and print a line for each."""
    for clip in found:
        try:
            hearing = hear(model, clip)
        except NotAudio as error:
            print(f"{clip.path.name:<40.40} not heard: {error}")
            continue
        print(line(hearing), flush=True)
        yield hearing


def line(hearing: Hearing) -> str:
    """Return what was heard of a clip as one line."""
    heard, clip = hearing.heard, hearing.clip
    label = clip.label or "?"
    return f"{clip.path.name:<40.40} {label:<10} {_heard(heard):<58} {hearing.seconds:.2f} s"


def _heard(heard: Heard) -> str:
    if heard.no_music:
        return f"no music: {heard.no_music.value}"
    said = worth_saying(heard.tags).text
    best = " ".join(f"{genre} {heard.genres[genre]:.2f}" for genre in list(heard.genres)[:2])
    return f"{best} ({heard.verdict.value}); {said}"


def report(content: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that say the figures."""
    for name, section in content.items():
        yield ""
        yield name.replace("_", " ")
        if not isinstance(section, dict):
            yield f"  {section}"
            continue
        for key, value in section.items():
            text = ", ".join(f"{one} {_text(of)}" for one, of in value.items())
            yield f"  {key:<12} {text}"


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Listen to the files, print the figures, and return 1 if there are none."""
    parser = argparse.ArgumentParser(
        prog="python -m training.sound.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT, metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args(arguments)
    try:
        found = clips(options.folder)
        hearings = list(hear_all(SoundModel.load(), found))
    except (ModelError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    if not hearings:
        print(f"Nothing in {options.folder} could be heard.", file=sys.stderr)
        return 1
    content = figures(hearings)
    print("\n".join(report(content)))
    if len(hearings) < FEW:
        print(f"\n{len(hearings)} clips are few: mind the intervals.")
    if options.write:
        del content["time"]  # another machine takes another
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
