"""The ablation on drawn hands of which it is known what carries the age."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cli_runs import Runner
from reference_films import films

from boneage.errors import UsageError
from boneage.evaluation.metrics import Figure
from boneage.experiments import ablation as module
from boneage.experiments.ablation import Ablation, AblationOptions, ablation_figures, film_groups, run_ablation
from boneage.experiments.ablation_report import to_csv, to_markdown
from boneage.experiments.kind_groups import ALONE, GROUPS, LEFT_OUT, group_of
from boneage.experiments.measured_rows import MeasuredRows
from boneage.measurement.definitions import DEFINITIONS, KINDS
from boneage.reference.build import BuildOptions, build_table
from boneage.reference.measurement_table import LookupSettings, TableMetadata

QUICK = BuildOptions(folds=0, settings=LookupSettings(shrinkage=0.05))


def hands(count: int, seed: int) -> pd.DataFrame:
    """Drawn hands whose widths of epiphyses carry the age best, whose lengths some, and whose carpals none."""
    frame = films(count, seed, missing=0.0)
    random = np.random.default_rng(seed)
    frame["carpals.area_share"] = random.normal(0.3, 0.05, count)
    frame["carpals.centres"] = random.normal(5, 1, count)
    lengths = [name for name in frame.columns if name.endswith("length_ratio")]
    frame[lengths] += random.normal(0, 0.06, (count, len(lengths)))
    return frame.drop(columns=["carpals.area_ratio"])


ROWS = MeasuredRows(hands(500, 1), hands(160, 2), "digest")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Ablation:
    options = AblationOptions(tmp_path_factory.mktemp("run"), leave_one_out=True, build=QUICK)
    return ablation_figures(ROWS, run_ablation(ROWS, options), resamples=200)


def test_every_kind_is_in_exactly_one_group() -> None:
    for kind in KINDS:
        assert sum(kind.name in group.kinds for group in GROUPS) == 1, kind.name
    known = {kind.name for kind in KINDS}
    assert all(group.kinds <= known for group in GROUPS), "a group names a kind that is not measured"


def test_the_sets_are_the_groups_alone_all_and_all_but_one() -> None:
    assert [one.name for one in ALONE] == ["lengths", "ratios", "maturity", "all"]
    parts = [one.columns(DEFINITIONS) for one in ALONE]
    assert all(parts) and sorted(parts[0] + parts[1] + parts[2]) == sorted(DEFINITIONS)
    assert parts[3] == list(DEFINITIONS)
    for part, left in zip(parts, LEFT_OUT, strict=False):
        assert sorted(part + left.columns(DEFINITIONS)) == sorted(DEFINITIONS)
    assert [one.presence for one in (*ALONE, *LEFT_OUT)] == [False, False, True, True, True, True, False]


def test_a_measurement_of_no_group_is_refused() -> None:
    assert group_of("radius.fusion") == "maturity"
    with pytest.raises(UsageError) as caught:
        group_of("radius.colour")
    assert caught.value.code == "unknown_measurement"


def test_what_carries_the_age_is_found(found: Ablation) -> None:
    mad = {name: found.at(name, "all").figures.mad.value for name in found.sets()}
    assert list(mad) == [
        "lengths",
        "ratios",
        "maturity",
        "all",
        "all but lengths",
        "all but ratios",
        "all but maturity",
    ]
    guess = float(np.abs(ROWS.judged["bone_age_months"] - ROWS.judged["bone_age_months"].mean()).mean())
    assert mad["maturity"] > 0.85 * guess  # noise
    assert mad["ratios"] < 0.8 * mad["lengths"] < mad["maturity"]
    assert mad["all"] < mad["lengths"]
    assert mad["all but ratios"] > 1.3 * mad["all but maturity"]
    assert found.at("ratios", "all").measurements == 4 and found.at("all", "all").measurements == 10


def test_figures_are_beside_all_on_the_same_films(found: Ablation) -> None:
    for name in found.sets():
        row = found.at(name, "girls")
        difference = row.figures.mad.value - found.at("all", "girls").figures.mad.value
        assert row.beside_all.value == pytest.approx(difference)
    assert found.at("all", "boys").beside_all == Figure(0.0, 0.0, 0.0)
    assert len({row.figures.films for row in found.rows if row.group == "all"}) == 1
    without = ROWS.judged[[name for name in ROWS.judged if name.endswith("epiphysis_width_ratio")]].isna().all(axis=1)
    assert found.unanswered == {name: int(without.sum()) if name == "ratios" else 0 for name in found.sets()}
    assert found.films == 160 - without.sum() < 160


def test_groups_part_the_films_by_sex_and_band() -> None:
    groups = film_groups(["M", "F", "M", "M"], [47.9, 48.0, 100.0, 101.0])
    assert groups["all"] == [0, 1, 2, 3] and groups["boys"] == [0, 2, 3]
    assert groups["under 4 y"] == [0] and groups["girls, 4 to 8 y"] == [1] and groups["boys, 8 to 12 y"] == [2, 3]
    assert "girls, 8 to 12 y" not in groups and "16 y and over" not in groups
    crossed = [members for name, members in groups.items() if ", " in name]
    assert sorted(i for members in crossed for i in members) == [0, 1, 2, 3]


def test_absence_speaks_only_where_presence_counts() -> None:
    frame = hands(130, 3)
    for folds in (0, 2):
        options = dataclasses.replace(QUICK, folds=folds, choose=False)
        counted = build_table(frame, TableMetadata("t", "1"), options=options).settings.presence_weights
        assert any(weight > 0 for weight in counted["M"].values())
        silent = dataclasses.replace(options, presence=False)
        assert not build_table(frame, TableMetadata("t", "1"), options=silent).settings.presence_weights


def test_finished_sets_are_kept_until_the_rows_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    real = module.build_table

    def noting(frame: pd.DataFrame, metadata: TableMetadata, **options: BuildOptions) -> object:
        built.append(metadata.name)
        return real(frame, metadata, **options)

    monkeypatch.setattr(module, "build_table", noting)
    rows = MeasuredRows(hands(150, 4), hands(20, 5), "first")
    options = AblationOptions(tmp_path, build=QUICK)
    walk = run_ablation(rows, options)
    next(walk), next(walk)  # interrupted after two
    walk.close()
    first = list(run_ablation(rows, options))
    assert built == ["lengths", "ratios", "maturity", "all"]
    assert list(run_ablation(rows, options)) == first and len(built) == 4
    list(run_ablation(dataclasses.replace(rows, digest="second"), options))
    assert len(built) == 8


def test_the_report_has_every_set_and_group(found: Ablation) -> None:
    text = to_markdown(found, command="boneage experiment ablation", date="2026-02-03", split="tune", train=500)
    for said in ("`boneage experiment ablation`", "2026-02-03, `tune`", f"n = {found.films}", "500 measured `train`"):
        assert said in text
    assert f"| lengths | 4 | 0 | {found.at('lengths', 'all').figures.mad} |" in text
    row = next(line for line in text.splitlines() if line.startswith("| boys, 8 to 12 y |"))
    assert str(found.at("all but ratios", "boys, 8 to 12 y").figures.mad) in row
    rows = list(csv.DictReader(io.StringIO(to_csv(found))))
    assert len(rows) == len(found.sets()) * len(found.groups())
    one = next(r for r in rows if (r["set"], r["group"]) == ("ratios", "girls"))
    assert float(one["mad_low"]) < float(one["mad"]) < float(one["mad_high"])
    assert float(one["coverage"]) == pytest.approx(found.at("ratios", "girls").figures.coverage.value, rel=1e-3)


def test_the_command_writes_both_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = tmp_path / "data" / "rsna" / "labels.csv"
    labels.parent.mkdir(parents=True)
    parts = []
    for split, count, seed in (("train", 150, 6), ("tune", 40, 7)):
        frame = hands(count, seed)
        frame.drop(columns=["sex", "bone_age_months"]).to_csv(tmp_path / f"{split}.csv", index=False)
        parts.append(frame[["id", "bone_age_months", "sex"]].assign(native_height=9, native_width=9, split=split))
    pd.concat(parts).to_csv(labels, index=False)
    answered = int(frame[[name for name in frame if name.endswith("epiphysis_width_ratio")]].notna().any(axis=1).sum())
    monkeypatch.setenv("BONEAGE_DATA", str(tmp_path / "data"))
    words = ["experiment", "ablation", "--measured-train", tmp_path / "train.csv", "--output", tmp_path / "out"]
    words += ["--run-dir", tmp_path / "run", "--folds", 0]
    ran = Runner(capsys)(*words, "--measured-tune", tmp_path / "tune.csv")
    assert ran.code == 0, ran.err
    assert ran.out == (tmp_path / "out" / "ablation.md").read_text()
    assert "150 measured `train` films" in ran.out and f"`tune`, n = {answered} " in ran.out
    assert (tmp_path / "out" / "ablation.csv").is_file() and (tmp_path / "run" / "tune" / "all.json").is_file()
    refused = Runner(capsys)(*words)
    assert refused.code == 2 and "which_films" in refused.err
