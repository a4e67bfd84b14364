"""Readers whose spread is known."""

from __future__ import annotations

import math

import pytest

from boneage.evaluation.labels import Label
from boneage.evaluation.readers import reader_rows


def _film(name: str, **readers: float) -> Label:
    return Label(name, 0.0, "M", readers=readers)


def test_readers_against_each_other() -> None:
    """Variances 4, 8 and, with two readers, 2; the film with one reader takes no part."""
    labels = [
        _film("1", reader_1=98, reader_2=100, reader_3=102),
        _film("2", reader_1=46, reader_2=50, reader_3=50 + math.sqrt(12) - 2),
        _film("3", reader_1=10, reader_2=12),
        _film("4", reader_1=500),
    ]
    rows = {(row.route, row.metric): row for row in reader_rows(labels)}
    variances = [4.0, _variance(46, 50, 48 + math.sqrt(12)), 2.0]
    assert rows["readers", "sd"].figure.value == pytest.approx(math.sqrt(sum(variances) / 3))
    assert rows["readers", "sd"].n == 3
    others = [101, (50 + 48 + math.sqrt(12)) / 2, 12]
    expected = sum(abs(one - other) for one, other in zip((98, 46, 10), others, strict=True)) / 3
    assert rows["reader_1", "mad"].figure.value == pytest.approx(expected)
    assert rows["reader_1", "bias"].figure.value == pytest.approx(-expected)
    assert rows["reader_3", "mad"].n == 2


def _variance(*values: float) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def test_one_reading_a_film_says_nothing() -> None:
    assert list(reader_rows([_film("1"), _film("2", reader_1=4)])) == []
