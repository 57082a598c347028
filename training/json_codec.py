"""Frozen dataclasses to JSON and back, by their annotations."""

import dataclasses
import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dumps(value: object) -> str:
    """Write a dataclass, or a value that JSON has itself; NaN and infinities raise ValueError."""
    plain = (
        dataclasses.asdict(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type)
        else value
    )
    return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def loads(kind: type[T], text: str) -> T:
    """Return a `kind` from JSON; raises ValueError where the text does not fit it."""
    try:
        built: T = build(kind, json.loads(text))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"is no {kind.__name__}: {error}") from error
    return built


def of_format(kind: type[T], text: str, known: int) -> T:
    """Return a `kind` from JSON that says to be of the `known` format; raises ValueError."""
    content = json.loads(text)
    found = content.get("format") if isinstance(content, dict) else None
    if found != known:
        raise ValueError(f"is a {kind.__name__} of format {found}; this code reads {known}")
    return loads(kind, text)


def build(kind: Any, value: Any) -> Any:
    """Turn plain JSON `value` into what the annotation `kind` asks for.

    Knows dataclasses, enums, `tuple[X, ...]`, `Mapping[str, X]`, `X | None`, and JSON's own values.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: build(hints[name], item) for name, item in value.items()})
    if origin is tuple:
        return tuple(build(arguments[0], item) for item in value)
    if origin is Mapping:
        return {name: build(arguments[1], item) for name, item in value.items()}
    if origin in {types.UnionType, Union}:
        (wanted,) = (one for one in arguments if one is not type(None))
        return None if value is None else build(wanted, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value
