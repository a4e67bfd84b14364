"""Where the data lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from boneage.data_folder import DEFAULT, VARIABLE, data_folder


def test_the_variable_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder() == tmp_path


def test_without_the_variable_it_lies_beside_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert data_folder() == DEFAULT
