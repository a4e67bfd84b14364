"""`boneage reference check` and `boneage reference charts`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from cli_runs import Runner
from reference_films import built_table, films

from boneage.errors import TableError
from boneage.evaluation.reference_check import check_reference, to_csv, to_markdown
from boneage.reference.calibrate import looked_up
from boneage.reference.charts import OTHERS, draw_charts, kinds_of
from boneage.reference.table_file import write_table


def test_groups_are_those_of_the_films():
    frame = films(120, 91)
    frame.loc[:3, list(frame.columns[3:])] = np.nan
    groups = check_reference(frame, built_table())
    found = looked_up(frame, built_table())
    error = found[:, 0] - frame["bone_age_months"].to_numpy()
    assert (groups[0].sex, groups[0].band, groups[0].films, groups[0].failed) == ("all", "all", 116, 4)
    assert groups[0].mad.value == pytest.approx(np.nanmean(np.abs(error)))
    girls = (frame["sex"] == "F").to_numpy()
    own = next(group for group in groups if (group.sex, group.band) == ("F", "all"))
    assert own.bias.value == pytest.approx(np.nanmean(error[girls]))
    bands = [group for group in groups if group.sex != "all" and group.band != "all"]
    assert sum(group.films for group in bands) == 116
    written = pd.read_csv(pd.io.common.StringIO(to_csv(groups)))
    assert len(written) == len(groups) and written["coverage"].iloc[0] == pytest.approx(groups[0].coverage.value)
    text = to_markdown(groups, title="T", command="boneage x")
    assert text.count("\n| ") == len(groups) + 1 and "`boneage x`" in text


def test_nothing_to_look_up_is_a_typed_error():
    with pytest.raises(TableError) as caught:
        check_reference(films(4, 92).iloc[:, :3], built_table())
    assert caught.value.code == "nothing_to_evaluate"


def test_the_command_prints_and_writes_the_table(capsys, tmp_path):
    write_table(built_table(), tmp_path)
    frame = films(60, 93)
    frame[["id", "sex", "bone_age_months"]].assign(split="tune").to_csv(tmp_path / "labels.csv", index=False)
    frame.drop(columns=["sex", "bone_age_months"]).to_csv(tmp_path / "measured.csv", index=False)
    run = Runner(capsys)
    words = ("measured.csv", "labels.csv")
    ran = run(
        "reference", "check", *(tmp_path / word for word in words), "--reference", tmp_path / "drawn.csv",
        "--prior", "population", "--output", tmp_path / "out",
    )  # fmt: skip
    assert ran.code == 0
    assert "| all | all | 60 | 0 |" in ran.out and "population prior" in ran.out
    assert str(tmp_path) not in ran.out
    assert (tmp_path / "out" / "check.md").read_text() == ran.out
    assert (tmp_path / "out" / "check.csv").is_file()


def test_charts_show_every_measurement_once_and_repeat_to_the_byte(tmp_path):
    write_table(built_table(), tmp_path)
    assert kinds_of(built_table().measurements) == {
        "length_ratio": tuple(name for name in built_table().measurements if name.endswith("length_ratio")),
        "epiphysis_width_ratio": tuple(n for n in built_table().measurements if n.endswith("epiphysis_width_ratio")),
        OTHERS: ("carpals.area_ratio",),
    }
    first = draw_charts(tmp_path / "drawn.csv", tmp_path / "a")
    second = draw_charts(tmp_path / "drawn.csv", tmp_path / "b")
    assert [path.name for path in first] == [
        "drawn_length_ratio.png", "drawn_epiphysis_width_ratio.png", "drawn_others.png",
    ]  # fmt: skip
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sum(path.stat().st_size for path in first) < 1_000_000


def test_a_chart_names_its_table(tmp_path, monkeypatch):
    import hashlib

    from matplotlib.figure import Figure

    write_table(built_table(), tmp_path)
    digest = hashlib.sha256((tmp_path / "drawn.csv").read_bytes()).hexdigest()[:12]
    captions, panels = [], []

    def keep(figure, path, **_):
        captions.append(figure.get_supxlabel())
        panels.extend(axes for axes in figure.axes if axes.lines)

    monkeypatch.setattr(Figure, "savefig", keep)
    draw_charts(tmp_path / "drawn.csv", tmp_path)
    assert all("drawn" in text and "version 1" in text and digest in text for text in captions)
    assert len(panels) == len(built_table().measurements)
    assert {len(axes.lines) for axes in panels} == {6}  # mean and two SDs of either side, both sexes
