"""The fit of the distance on invented hands with a known law of growth."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from reference_films import built_table, films

from boneage.errors import UsageError
from boneage.training.quality_fit import fit_quality


def write(folder: Path, frame: pd.DataFrame, split: str) -> tuple[Path, pd.DataFrame]:
    path = folder / f"{split}.csv"
    frame.drop(columns=["sex", "bone_age_months"]).to_csv(path, index=False)
    return path, frame[["id", "sex", "bone_age_months"]].assign(split=split)


def test_the_limit_holds_for_the_films_that_it_was_not_fitted_on(tmp_path: Path) -> None:
    measured, known = write(tmp_path, films(400, 1), "train")
    tuning, others = write(tmp_path, films(200, 2), "tune")
    labels = tmp_path / "labels.csv"
    pd.concat([known, others]).to_csv(labels, index=False)
    model = fit_quality(measured, tuning, labels, built_table())
    assert model.reference == built_table().name
    assert 0 < model.limit < model.refusal
    assert model.fitted_on.startswith("400 measured films")
    share = float(model.fitted_on.split("; ")[1].split(" %")[0])
    assert share < 6


def test_too_few_films_are_no_fit(tmp_path: Path) -> None:
    measured, known = write(tmp_path, films(40, 1), "train")
    tuning, others = write(tmp_path, films(40, 2), "tune")
    labels = tmp_path / "labels.csv"
    pd.concat([known, others]).to_csv(labels, index=False)
    with pytest.raises(UsageError) as caught:
        fit_quality(measured, tuning, labels, built_table())
    assert caught.value.code == "too_few_films"
