"""What is installed, and what of it took part."""

from __future__ import annotations

from pathlib import Path

import pytest

from boneage import anatomy, software
from boneage.errors import WeightsError
from boneage.result import AgeByMeasurement, AgeByRegression, Estimates, Input, JointResult, Result

MANIFEST = """{"models": [
  {"name": "locator", "file": "locator.safetensors", "sha256": "aa"},
  {"name": "regression", "file": "regression.safetensors", "sha256": "bb"}
]}"""


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of weights that stands in for the package's."""
    monkeypatch.setattr(software, "WEIGHTS_FOLDER", tmp_path)
    for cached in (software.manifest_entries, software.installed_models):
        cached.cache_clear()
        monkeypatch.setattr(software, cached.__name__, cached.__wrapped__)
    return tmp_path


def test_no_manifest_no_models(weights: Path) -> None:
    assert software.installed_models() == ()


def test_models_of_the_manifest(weights: Path) -> None:
    (weights / "manifest.json").write_text(MANIFEST)
    assert [(model.name, model.sha256) for model in software.installed_models()] == [
        ("locator", "aa"),
        ("regression", "bb"),
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"models": [{"name": "x"}]}', '{"models": 3}'])
def test_a_broken_manifest_is_a_typed_error(weights: Path, text: str) -> None:
    (weights / "manifest.json").write_text(text)
    with pytest.raises(WeightsError) as caught:
        software.installed_models()
    assert caught.value.code == "manifest_invalid"


def answered(*, regression: bool) -> Result:
    estimates = Estimates(
        AgeByMeasurement(100, (80, 120), "table"), AgeByRegression(100, (80, 120)) if regression else None
    )
    return Result("ok", Input("film"), estimates=estimates, joints=(JointResult("wrist", (0.0, 0.0)),))


@pytest.mark.parametrize(("regression", "names"), [(True, ["locator", "regression"]), (False, ["locator"])])
def test_only_what_took_part_is_named(weights: Path, regression: bool, names: list[str]) -> None:
    (weights / "manifest.json").write_text(MANIFEST)
    used = software.software_of(answered(regression=regression), table_versions={"table": "3"})
    assert [model.name for model in used.models] == names
    assert [(table.name, table.version) for table in used.references] == [("table", "3")]


def test_a_film_that_was_not_read_used_nothing(weights: Path) -> None:
    (weights / "manifest.json").write_text(MANIFEST)
    used = software.software_of(Result("error", Input("film")), table_versions={})
    assert (used.models, used.references) == ((), ())
    assert used.version


def test_description_is_complete() -> None:
    description = software.describe_installation()
    assert description["labels"] == {str(value): name for value, name in anatomy.LABELS.items()}
    assert description["libraries"]["torch"].startswith("2.13.0")
