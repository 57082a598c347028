"""What other processes call for each file in tests of `hear_clips`: it logs the file's name."""

from pathlib import Path

from model.sound.sound_table import Row


def hear_counted(path: Path) -> Row:
    """Return cells by the file's content, and add its name to a file beside the folder."""
    with (path.parent.parent / "heard.log").open("a") as log:
        log.write(f"{path.name}\n")
    content = path.read_text()
    if content in {"failed", "not_audio", "not_music"}:
        return {"error": content, "reason": "made up"}
    return {"tags": "{}", "embedding": content}
