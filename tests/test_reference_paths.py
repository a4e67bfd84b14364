"""The tables are found in a checkout and in an installed package."""

from __future__ import annotations

import pytest

from boneage.errors import TableError
from boneage.reference import paths


def _package(tmp_path, monkeypatch):
    module = tmp_path / "boneage" / "reference" / "paths.py"
    module.parent.mkdir(parents=True)
    monkeypatch.setattr(paths, "__file__", str(module))


def test_a_checkout_has_them_under_data(tmp_path, monkeypatch):
    _package(tmp_path, monkeypatch)
    (tmp_path / "data" / "reference_tables").mkdir(parents=True)
    assert paths.reference_dir() == tmp_path / "data" / "reference_tables"


def test_an_installed_package_has_them_inside_and_prefers_them(tmp_path, monkeypatch):
    _package(tmp_path, monkeypatch)
    (tmp_path / "data" / "reference_tables").mkdir(parents=True)
    (tmp_path / "boneage" / "reference_tables").mkdir()
    assert paths.reference_dir() == tmp_path / "boneage" / "reference_tables"


def test_neither_is_a_typed_error(tmp_path, monkeypatch):
    _package(tmp_path, monkeypatch)
    with pytest.raises(TableError) as caught:
        paths.reference_dir()
    assert caught.value.code == "reference_tables_missing"


def test_every_shipped_csv_is_named_in_the_provenance():
    folder = paths.reference_dir()
    provenance = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
    published = [path for path in folder.rglob("*.csv") if path.parent.name not in {"measurement", "template"}]
    assert len(published) >= 6
    assert [path.name for path in published if path.name not in provenance] == []
