"""What a report says of itself."""

from __future__ import annotations

import shlex
import sys
from datetime import date

import pytest

from boneage.cli.provenance import command_line, today


def test_the_command_can_be_typed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["evaluate", "my labels.csv", "--output", "out"]
    monkeypatch.setattr(sys, "argv", ["/somewhere/bin/boneage", *words])
    assert shlex.split(command_line()) == ["boneage", *words]


def test_the_day_is_an_iso_date() -> None:
    assert date.fromisoformat(today())
