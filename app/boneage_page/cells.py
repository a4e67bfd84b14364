"""What the cells of a table hold."""

from __future__ import annotations


def tenths(value: float | None) -> float | None:
    """Round to about what is shown, a zero without its sign: a screen reader says all that a cell holds."""
    return None if value is None else round(value, 1) + 0.0
