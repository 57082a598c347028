"""Options with several values, and the exit codes of all command lines."""

from typing import Annotated

import pytest
import typer

from model import command_line
from model.command_line import ManyValues


def make_app(seen: list[object]) -> typer.Typer:
    app = command_line.new_app("An app.")

    def work(
        words: Annotated[list[str] | None, typer.Argument()] = None,
        model: Annotated[list[str] | None, typer.Option()] = None,
        seed: Annotated[int, typer.Option()] = 0,
    ) -> None:
        seen.append((words or [], model or [], seed))
        if seed == 3:
            raise typer.Exit(69)
        if seed == 4:
            raise FileNotFoundError(2, "No such file", "x.csv")
        if seed == 5:
            raise KeyboardInterrupt
        if seed == 6:
            raise ValueError("a person's words")

    app.command("work", cls=ManyValues)(work)
    app.command("rest")(lambda: None)
    return app


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--model", "a", "b"], ([], ["a", "b"], 0)),
        (["--model", "a", "b", "--seed", "1"], ([], ["a", "b"], 1)),
        (["--model", "a", "--model", "b"], ([], ["a", "b"], 0)),
        (["--model=a", "w"], (["w"], ["a"], 0)),
        (["w", "--seed", "1", "v"], (["w", "v"], [], 1)),
        (["--model", "a", "--", "w", "--model"], (["w", "--model"], ["a"], 0)),
        (["w", "-", "v"], (["w", "-", "v"], [], 0)),
    ],
)
def test_several_values_may_follow_a_repeatable_option(
    arguments: list[str], expected: object
) -> None:
    seen: list[object] = []
    assert command_line.run(make_app(seen), ["work", *arguments], "program") == 0
    assert seen == [expected]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["work", "--seed", "3"], 69), (["work", "--seed", "x"], 2), (["nonsense"], 2), (["-h"], 0)],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert command_line.run(make_app([]), arguments, "program") == code


def test_ctrl_c_is_130() -> None:
    assert command_line.run(make_app([]), ["work", "--seed", "5"], "program") == 130


def test_error_of_the_system_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    code = command_line.run(
        make_app([]), ["work", "--seed", "4"], "program", lambda error: f"cut short: {error}"
    )
    assert code == 1
    assert capfd.readouterr().err == "cut short: [Errno 2] No such file: 'x.csv'\n"


def test_unexpected_error_is_one_sentence_without_its_message(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert command_line.run(make_app([]), ["work", "--seed", "6"], "program") == 70
    error = capfd.readouterr().err
    assert error.startswith("program: failed by a fault of its own: ValueError in test_command")
    assert "words" not in error
    assert error.count("\n") == 1
