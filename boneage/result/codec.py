"""The result object to plain JSON types and back, and the JSON Schema that it keeps."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

from boneage.result import model

SCHEMA_VERSION: Final = "1.0"
"""Version of the JSON; the first number changes when a key is renamed or removed."""

SIGNIFICANT_DIGITS: Final = 6

LEFT_OUT: Final = frozenset({"calibration", "reader_correction", "bound", "bound_months", "if_sex"})
"""The keys that stand in the JSON only where they hold something."""


def load_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one film's JSON."""
    text = resources.files("boneage.result").joinpath("result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def encode_result(result: model.Result) -> dict[str, Any]:
    """Return the result as plain JSON types, keys in the contract's order."""
    body: dict[str, Any] = _encode(result)
    first: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "status": body.pop("status"),
        "reasons": body.pop("reasons"),
    }
    if body["by_sex"] is None:
        del body["by_sex"]
    return first | body


def decode_result(data: Mapping[str, Any]) -> model.Result:
    """Return the result that `encode_result` wrote.

    Raises
    ------
    ValueError
        If the major schema version is another one, a required key is missing, or a value is none that may stand there.
    """
    version = str(data.get("schema_version", ""))
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        msg = f"result has schema version {version or 'none'!r}; this program reads {SCHEMA_VERSION}"
        raise ValueError(msg)
    decoded: model.Result = _decode(model.Result, data)
    return decoded


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _encode(part) for name, part in parts.items() if part is not None or name not in LEFT_OUT}
    if isinstance(value, Mapping):
        return {str(key): _encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_encode(item) for item in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    return _encode_number(value)


def _encode_number(value: Any) -> int | float | None:
    """Return a plain number; array scalars are unwrapped, what is not finite becomes ``None``."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, (bool, int)):
        return plain
    if not isinstance(plain, float):
        msg = f"{type(value).__name__} has no place in a result"
        raise TypeError(msg)
    return float(f"{plain:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(plain) else None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        choices = [choice for choice in typing.get_args(kind) if choice is not type(None)]
        return None if value is None else (_decode(choices[0], value) if len(choices) == 1 else value)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), value)
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        key_kind, item_kind = typing.get_args(kind)
        return {key_kind(key): _decode(item_kind, item) for key, item in value.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, value)
    if kind is float:
        return float(value)
    may_stand = value in typing.get_args(kind) if origin is Literal else isinstance(value, kind)
    if not may_stand:
        msg = f"{value!r:.40} cannot stand for {kind}"
        raise ValueError(msg)
    return value


def _decode_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], item) for item in value)
    return tuple(_decode(kind, item) for kind, item in zip(kinds, value, strict=True))


def _decode_dataclass(kind: type, value: Any) -> Any:
    if not isinstance(value, Mapping):
        msg = f"{kind.__name__} must be a JSON object, not {type(value).__name__}"
        raise ValueError(msg)
    hints = _hints(kind)
    arguments = {}
    for field in dataclasses.fields(kind):
        if field.name in value:
            arguments[field.name] = _decode(hints[field.name], value[field.name])
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            msg = f"{kind.__name__} misses the key {field.name!r}"
            raise ValueError(msg)
    return kind(**arguments)
