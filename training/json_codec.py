"""Converts frozen dataclasses to JSON and back, by their annotations.

Own code instead of pydantic's TypeAdapter, which ignores unknown keys and converts values (1 to
1.0), so that a file of another format would be accepted and written back differently.
"""

import dataclasses
import json
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dumps(value: object) -> str:
    """Return a dataclass, or a JSON value, as JSON; raises ValueError for NaN and infinities."""
    plain = (
        dataclasses.asdict(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type)
        else value
    )
    return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def loads(kind: type[T], text: str) -> T:
    """Return an instance of `kind` read from JSON; raises ValueError if the text does not fit."""
    return from_plain(kind, json.loads(text))


def from_plain(kind: type[T], content: Any) -> T:
    """Return an instance of `kind` from parsed JSON; raises ValueError if it does not fit."""
    try:
        built: T = build(kind, content)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"is no {kind.__name__}: {error}") from error
    return built


def of_format(kind: type[T], text: str, known: int) -> T:
    """Return an instance of `kind` read from JSON whose `format` is `known`; raises ValueError."""
    content = json.loads(text)
    found = content.get("format") if isinstance(content, dict) else None
    if found != known:
        raise ValueError(f"is a {kind.__name__} of format {found}; this code reads {known}")
    return from_plain(kind, content)


def build(kind: Any, value: Any) -> Any:
    """Convert a parsed JSON value to the type of an annotation.

    Supported are dataclasses, enums, `tuple[X, ...]`, `Mapping[str, X]`, `X | None` and the types
    of JSON.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: build(hints[name], item) for name, item in value.items()})
    if origin is tuple:
        return tuple(build(arguments[0], item) for item in value)
    if origin is Mapping:
        key = arguments[0] if issubclass(arguments[0], Enum) else str
        return {key(name): build(arguments[1], item) for name, item in value.items()}
    if origin in {types.UnionType, Union}:
        (wanted,) = (one for one in arguments if one is not type(None))
        return None if value is None else build(wanted, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value
