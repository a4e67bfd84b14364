"""Safe access to single DICOM attributes: a malformed value is an absent one, and no value reaches a message."""

from __future__ import annotations

import logging
import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_LOCK: Final = threading.RLock()
_LOGGERS: Final = ("pydicom", "highdicom")


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """Keep the DICOM libraries from logging or warning while they run: their texts quote values, which name patients.

    The settings of the process are put back afterwards. One thread at a time is inside.
    """
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = [(logger.handlers, logger.propagate) for logger in loggers]
        for logger in loggers:
            logger.handlers, logger.propagate = [logging.NullHandler()], False  # stops its child loggers too
        try:
            yield
        finally:
            for logger, (handlers, propagate) in zip(loggers, before, strict=True):
                logger.handlers, logger.propagate = handlers, propagate


def raw(ds: Dataset, keyword: str) -> Any:
    """Return the value of an attribute, ``None`` where it is absent or cannot be converted."""
    try:
        return ds.get(keyword)
    except Exception:  # a malformed value raises whatever its converter does, and the text may quote it
        return None


def text(ds: Dataset, keyword: str) -> str:
    """Return an attribute as stripped upper-case text, ``""`` where there is none."""
    value = raw(ds, keyword)
    return "" if value is None else str(value).strip().strip("\0").upper()


def numbers(ds: Dataset, keyword: str) -> tuple[float, ...]:
    """Return an attribute as numbers: ``()`` where it is absent or empty, NaN where it is not a number."""
    if keyword not in ds:
        return ()
    value = raw(ds, keyword)
    if value is None:
        return () if _is_empty(ds, keyword) else (math.nan,)
    values = [value] if isinstance(value, str | int | float) else _as_list(value)
    return tuple(_number(item) for item in values if str(item).strip() != "")


def integer(ds: Dataset, keyword: str, default: int) -> int:
    """Return an attribute as a whole number, ``default`` where it is absent or none."""
    values = numbers(ds, keyword)
    return int(values[0]) if values and math.isfinite(values[0]) else default


def _as_list(value: Any) -> list[Any]:
    try:
        return list(value)
    except TypeError:
        return [value]


def _number(item: Any) -> float:
    try:
        return float(item)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _is_empty(ds: Dataset, keyword: str) -> bool:
    """Tell an empty element from one whose value could not be converted."""
    try:
        return bool(ds[keyword].is_empty)
    except Exception:  # as above: what cannot be converted is not empty
        return False
