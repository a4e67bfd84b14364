"""Bones and joints of a batch against drawn ones, on files made on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner
from drawn_films import drawn_hand, joint_array, record, write_training_data
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from boneage.anatomy import JOINTS, LABEL_VALUES, LABELS, TUBULAR_BONES
from boneage.evaluation.bones import BoneFigures, dice, evaluate_bones, to_markdown
from boneage.evaluation.labels import Label
from boneage.evaluation.metrics import Figure
from boneage.evaluation.sesamoid import Shown, sesamoids_by_age

HAND = drawn_hand()
POINTS = joint_array(dict(HAND.joints))
MARKED = np.isin(HAND.labels, [v for v, name in LABELS.items() if name.endswith("_epiphysis") or name == "carpals"])
LENGTH = float(np.linalg.norm(POINTS[JOINTS.index("wrist")] - POINTS[JOINTS.index("tip_3")]))


def answer(
    folder: Path,
    film_id: str,
    *,
    labels: np.ndarray = HAND.labels,
    points: np.ndarray = POINTS,
    bones: tuple[str, ...] = (*TUBULAR_BONES, "radius", "ulna"),
    status: str = "ok",
) -> None:
    """Write what a batch writes of one film."""
    folder.mkdir(exist_ok=True)
    document = {
        "status": status,
        "input": {"rows": labels.shape[0], "columns": labels.shape[1]},
        "bones": [{"bone": bone} for bone in bones],
        "joints": [{"joint": name, "xy": [x, y]} for name, (x, y) in zip(JOINTS, points.tolist(), strict=True)],
    }
    (folder / f"{film_id}.json").write_text(json.dumps(document))
    Image.fromarray(labels).save(folder / f"{film_id}_labels.png")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Drawn masks of films 1 and 2, drawn joints of films 1 and 3."""
    records = [record(film_id) for film_id in ("1", "2", "3")]
    write_training_data(
        tmp_path / "data",
        [np.zeros((9, 9), np.float32)] * 3,
        records,
        joints={"1": POINTS, "3": POINTS},
        masks={"1": MARKED, "2": MARKED},
    )
    return tmp_path / "data"


def test_equal_bones_and_joints_are_perfect(root: Path, tmp_path: Path) -> None:
    for film_id in ("1", "2", "3"):
        answer(tmp_path / "answers", film_id)
    figures = evaluate_bones(tmp_path / "answers", root)
    assert (figures.films, figures.masked_films, figures.jointed_films) == (3, 2, 2)
    assert figures.dice == Figure(100.0, 100.0, 100.0)
    assert figures.joints.value == pytest.approx(0.0, abs=1e-6)
    assert figures.bones_found == figures.all_bones == Figure(100.0, 100.0, 100.0)
    assert figures.epiphyses == Figure(100.0, 100.0, 100.0)
    assert figures.worst == (("1", 1.0), ("2", 1.0))


def test_joints_are_measured_in_percent_of_the_hand(root: Path, tmp_path: Path) -> None:
    answer(tmp_path / "answers", "1", points=POINTS + np.array([0.03, 0.04]) * LENGTH)
    moved = POINTS.copy()
    moved[:10] += 0.5 * LENGTH  # fewer than half of the joints do not move the median
    answer(tmp_path / "answers", "3", points=moved)
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.joints.value == pytest.approx(2.5)  # the median of 5 and 0
    assert (figures.joints.low, figures.joints.high) == (pytest.approx(0.0, abs=1e-6), pytest.approx(5.0))


def test_answers_of_another_size_are_compared_at_the_size_of_the_drawing(root: Path, tmp_path: Path) -> None:
    labels = HAND.labels.repeat(2, axis=0).repeat(2, axis=1)
    answer(tmp_path / "answers", "1", labels=labels, points=(POINTS + 0.5) * 2 - 0.5)
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.joints.value == pytest.approx(0.0, abs=1e-6)
    assert figures.dice.value > 99
    answer(tmp_path / "answers", "1", labels=HAND.labels[::2, ::2].copy(), points=(POINTS + 0.5) / 2 - 0.5)
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.joints.value == pytest.approx(0.0, abs=1e-6)
    assert figures.dice.value > 85


def test_shafts_do_not_count_and_names_do_not_matter_for_the_dice(root: Path, tmp_path: Path) -> None:
    labels = np.where(MARKED, np.uint8(43), np.uint8(0))
    answer(tmp_path / "answers", "1", labels=labels)
    answer(tmp_path / "answers", "2", labels=np.where(MARKED, np.uint8(1), np.uint8(0)))
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.worst == (("2", 0.0), ("1", 1.0))
    assert figures.dice.value == 50.0


def test_a_named_carpal_counts_and_the_sesamoid_does_not(root: Path, tmp_path: Path) -> None:
    named = np.where(HAND.labels == LABEL_VALUES["carpals"], LABEL_VALUES["lunate"], HAND.labels).astype(np.uint8)
    named[:40, :40] = LABEL_VALUES["adductor_sesamoid"]
    answer(tmp_path / "answers", "1", labels=named)
    assert evaluate_bones(tmp_path / "answers", root).dice.value == 100.0


def test_missing_bones_and_joints_are_counted(root: Path, tmp_path: Path) -> None:
    answer(tmp_path / "answers", "1", bones=(*TUBULAR_BONES[:-2], "radius"))
    path = tmp_path / "answers" / "1.json"
    document = json.loads(path.read_text())
    document["joints"] = document["joints"][3:]
    path.write_text(json.dumps(document))
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.bones_found.value == pytest.approx(100 * 17 / 19)
    assert figures.joints.value == pytest.approx(0.0, abs=1e-6)


def test_films_that_were_refused_and_films_that_no_one_drew_are_left_out(root: Path, tmp_path: Path) -> None:
    answer(tmp_path / "answers", "1", status="refused", bones=())
    answer(tmp_path / "answers", "77")
    figures = evaluate_bones(tmp_path / "answers", root)
    assert (figures.films, figures.masked_films, figures.jointed_films) == (1, 0, 0)
    assert np.isnan(figures.dice.value)
    assert "| 0 | – |" in to_markdown(figures, command="boneage x")


masks = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


@given(pairs=masks)
def test_the_dice_is_that_of_two_sets(pairs: list[tuple[bool, bool]]) -> None:
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    first = {place for place, inside in enumerate(one) if inside}
    second = {place for place, inside in enumerate(other) if inside}
    expected = 2 * len(first & second) / (len(first) + len(second)) if first or second else 1.0
    assert dice(one, other) == pytest.approx(expected)
    assert dice(one, other) == dice(other, one)


def test_the_table_names_the_command_and_the_worst() -> None:
    figure = Figure(86.04, 85.0, 87.0)
    figures = BoneFigures(
        5,
        4,
        3,
        figure,
        Figure(1.26, 1.0, 1.5),
        Figure(99.0, 98.0, 100.0),
        Figure(97.5, 96.0, 99.0),
        Figure(98.2, 97.0, 99.0),
        Figure(96.1, 95.0, 97.0),
        (("12", 0.61), ("9", 0.7)),
    )
    lines = to_markdown(figures, command="boneage evaluate-bones out").splitlines()
    assert lines[0] == "`boneage evaluate-bones out`"
    assert "| 4 | 86.0 (85.0–87.0) |" in lines[4]
    assert "| 3 | 1.3 (1.0–1.5) |" in lines[5]
    assert "| 5 | 99.0 (98.0–100.0) |" in lines[6]
    assert "| 5 | 97.5 (96.0–99.0) |" in lines[7]
    assert "| 4 | 98.2 (97.0–99.0) |" in lines[8]
    assert "| 4 | 96.1 (95.0–97.0) |" in lines[9]
    assert lines[-1] == "Lowest Dice: 12 0.61, 9 0.7"


def test_the_command_prints_the_table(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BONEAGE_DATA", str(root))
    answer(tmp_path / "answers", "1")
    ran = Runner(capsys)("evaluate-bones", tmp_path / "answers")
    assert ran.code == 0
    assert "Dice × 100 (mean) | 1 | 100.0" in ran.out


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Runner(capsys)("evaluate-bones", tmp_path / "nowhere").code == 2


def test_a_film_that_lacks_a_bone_does_not_have_them_all(root: Path, tmp_path: Path) -> None:
    answer(tmp_path / "answers", "1")
    answer(tmp_path / "answers", "3", bones=TUBULAR_BONES[1:])
    figures = evaluate_bones(tmp_path / "answers", root)
    assert figures.all_bones.value == 50.0
    assert figures.bones_found.value == pytest.approx(100 * (1 + 18 / 19) / 2)


def test_a_centre_too_many_or_too_few_is_wrong(root: Path, tmp_path: Path) -> None:
    lost = np.where(HAND.labels == LABEL_VALUES["middle_phalanx_3_epiphysis"], 0, HAND.labels)
    answer(tmp_path / "answers", "1", labels=lost)
    answer(tmp_path / "answers", "2")
    assert evaluate_bones(tmp_path / "answers", root).epiphyses.value == pytest.approx(100 * (1 + 18 / 19) / 2)


def test_the_sesamoids_of_every_year_are_counted(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "answers"
    with_one = HAND.labels.copy()
    with_one[:3, :3] = LABEL_VALUES["adductor_sesamoid"]
    answer(folder, "1", labels=with_one)
    answer(folder, "2")
    answer(folder, "3", labels=with_one, status="refused")
    answer(folder, "77", labels=with_one)  # has no label
    labels = {"1": Label("1", 155.0, "M"), "2": Label("2", 150.0, "M"), "3": Label("3", 150.0, "F")}
    assert sesamoids_by_age(folder, labels) == {(12, "M"): Shown(2, 1)}
    monkeypatch.setenv("BONEAGE_DATA", str(root))
    ran = Runner(capsys)("evaluate-bones", folder, "--sesamoid")
    assert ran.code == 0
    assert "1 of 2 (50 %)" in ran.out
    assert "–" in ran.out
