"""The commands in README, guides and examples exist, with their options; some are run."""

import re
import shlex
from collections.abc import Iterator

import pytest
import typer.main

import model.commands
import soundslike.cli
import training.cli
from bot.cli import main as bot
from model import command_line
from tests.conftest import ROOT

DOCUMENTS = (
    "README.md", "CONTRIBUTING.md", ".env.example", "docs/discord.md", "docs/slack.md",
    "docs/architecture.md", "docs/models.md", "docs/security.md", "docs/sources.md",
    "docs/sound.md", "docs/web.md", "model/CARD.md", "compose.yaml", "Procfile",
)  # fmt: skip
COMMAND = re.compile(
    r"(?:^|[`\[ /])((?:soundslike|python -m (?:bot|model|training)) [a-z][^`#|\n]*)", re.MULTILINE
)
PROGRAMS = ("soundslike", "python -m bot", "python -m model", "python -m training")


def commands() -> Iterator[tuple[str, str]]:
    """Yield document and command."""
    for document in DOCUMENTS:
        text = (ROOT / document).read_text(encoding="utf-8")
        code = "".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
        quoted = " ".join(re.findall(r"`[^`\n]+`", text))
        plain = text if not document.endswith(".md") else ""
        for found in COMMAND.findall(f"{code}\n{quoted}\n{plain}"):
            yield document, found.strip()


DOCUMENTED = sorted(set(commands()))


def app_of(program: str) -> typer.Typer:
    """Return the app of a program."""
    if program == "soundslike":
        return soundslike.cli.build_app()
    app = command_line.new_app("")
    add = {
        "python -m bot": bot.add_commands,
        "python -m model": model.commands.add_commands,
        "python -m training": training.cli.add_commands,
    }[program]
    add(app, program)
    return app


def test_there_are_documented_commands() -> None:
    assert {document for document, _ in DOCUMENTED} >= {"README.md", "docs/discord.md"}
    assert len(DOCUMENTED) > 30


@pytest.mark.parametrize(("document", "command"), DOCUMENTED)
def test_documented_command_exists_with_its_options(document: str, command: str) -> None:
    program = next(one for one in PROGRAMS if command.startswith(f"{one} "))
    words = shlex.split(command.removeprefix(program).replace("[", " ").replace("]", " "))
    found = typer.main.get_command(app_of(program))
    while words and words[0] in getattr(found, "commands", {}):
        found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
    assert not hasattr(found, "commands") or not words, f"{document}: no command {words}"
    known = {name for option in found.params for name in option.opts} | {"--help"}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= known, f"{document}: {command}"


def test_documented_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for document in (name for name in DOCUMENTS if name.endswith(".md")):
        text = (ROOT / document).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
        assert named <= targets, document


@pytest.mark.parametrize("guide", ["docs/discord.md", "docs/slack.md", "docs/web.md"])
def test_no_step_of_a_guide_needs_make(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    steps = re.findall(r"^\d+\. (?:.+\n)+", text, re.MULTILINE)
    assert len(steps) >= 1
    assert not [step for step in steps if "`make" in step or ".venv" in step]
