"""Measured joint-to-joint lengths against landmarks, on films and landmarks made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner

from boneage.anatomy import TUBULAR_BONES
from boneage.errors import Refusal, UsageError
from boneage.evaluation.hand_atlas import evaluate_hand_atlas, read_landmark_lengths, summary, to_csv, to_markdown


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two films; landmark k of each lies at (3 k², 4 k²), and segment i runs from landmark i to i + 1."""
    folder = tmp_path / "data" / "dha"
    (folder / "images").mkdir(parents=True)
    (tmp_path / "data" / "rsna").mkdir()
    (tmp_path / "data" / "rsna" / "labels.csv").write_text("id\n")
    for name in ("1", "2"):
        (folder / "images" / f"{name}.png").write_bytes(b"")
    header = "dha_id," + ",".join(f"x{k},y{k}" for k in range(37))
    row = ",".join(f"{3 * k * k},{4 * k * k}" for k in range(37))
    (folder / "landmarks_37.csv").write_text(f"{header}\n1,{row}\n2,{row}\n3,{row}\n")
    pairs = "\n".join(f"{bone},{i},{i + 1}" for i, bone in enumerate(TUBULAR_BONES))
    text = f"segment,landmark_index_proximal_0based,landmark_index_distal_0based\n{pairs}\n"
    (folder / "landmark_to_segment_map.csv").write_text(text)
    return tmp_path / "data"


TRUE = {bone: 5.0 * (2 * i + 1) for i, bone in enumerate(TUBULAR_BONES)}


def test_lengths_run_between_the_landmarks_of_the_map(root: Path) -> None:
    lengths = read_landmark_lengths(root / "dha")
    assert set(lengths) == {"1", "2", "3"}
    assert lengths["2"] == pytest.approx(TRUE)


def test_differences_are_in_percent_of_the_landmarks(root: Path) -> None:
    def measure(path: Path) -> dict[str, float]:
        factor = 1.02 if path.stem == "1" else 0.99
        return {bone: length * factor for bone, length in TRUE.items() if bone != "distal_phalanx_5"}

    films = evaluate_hand_atlas(root, measure=measure)
    assert [film.name for film in films] == ["1", "2"]
    assert set(films[0].differences()) == set(TUBULAR_BONES) - {"distal_phalanx_5"}
    assert films[0].differences()["metacarpal_2"] == pytest.approx(2.0)
    lines = to_markdown(films, command="boneage evaluate-dha").splitlines()
    assert lines[0] == "`boneage evaluate-dha`"
    assert "| metacarpal_2 | +2.0 | -1.0 | +0.5 |" in lines
    assert "| distal_phalanx_5 | – | – | – |" in lines
    assert "| **median absolute** | 2.00 | 1.00 | 1.50 |" in lines
    assert "| **median signed** | +2.00 | -1.00 | +0.50 |" in lines
    assert lines[-1] == "2 films, 36 lengths; the aim is 1.5 % on each film, the worst has 2.00 %."
    rows = to_csv(films).splitlines()
    assert len(rows) == 1 + 2 * 19
    assert "2,metacarpal_1,5.00,4.95,-1.00" in rows
    assert "2,distal_phalanx_5,185.00,," in rows


def test_a_refused_film_is_named_and_not_counted(root: Path) -> None:
    def measure(path: Path) -> dict[str, float]:
        if path.stem == "1":
            msg = "no hand"
            raise Refusal("not_a_hand", msg, remedy="another film")
        return TRUE

    text = to_markdown(evaluate_hand_atlas(root, measure=measure), command="x")
    assert "1 was refused: not_a_hand" in text
    assert "19 lengths; the aim is 1.5 % on each film, the worst has 0.00 %." in text


def test_the_median_of_sizes_is_not_the_size_of_the_median() -> None:
    assert summary([-3.0, 1.0, 2.0]) == (2.0, 1.0)
    assert np.isnan(summary([])).all()


def test_without_films_it_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        evaluate_hand_atlas(tmp_path, measure=lambda _: TRUE)
    assert caught.value.code == "no_hand_atlas"


def test_the_command_prints_and_writes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    films = evaluate_hand_atlas(root, measure=lambda _: TRUE)
    monkeypatch.setenv("BONEAGE_DATA", str(root))
    monkeypatch.setattr("boneage.evaluation.hand_atlas.evaluate_hand_atlas", lambda _: films)
    ran = Runner(capsys)("evaluate-dha", "--output", tmp_path / "out")
    assert ran.code == 0
    assert "| **median absolute** | 0.00 | 0.00 | 0.00 |" in ran.out
    assert (tmp_path / "out" / "results.md").read_text() == ran.out
    assert len((tmp_path / "out" / "lengths.csv").read_text().splitlines()) == 39
