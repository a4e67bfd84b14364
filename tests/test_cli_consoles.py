"""What goes to standard error while a command works."""

from __future__ import annotations

import pytest

from boneage.cli.consoles import with_progress


def test_items_are_handed_on_with_a_line_for_every_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(with_progress("abcde", 5, "films read")) == list("abcde")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "films read: 1 of 5"
    assert said.err.splitlines()[-1] == "films read: 5 of 5"
