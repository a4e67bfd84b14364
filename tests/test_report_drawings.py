"""The drawings of the documents show what was measured, and can be read on a light and on a dark page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from boneage.measurement.scale import TYPICAL_SHARES
from boneage.measurement.values import joint_space, ulnar_variance
from boneage.report.drawings import carpals, cortex, finger, forearm, fusion, hand, plate, sesamoid, tubular
from boneage.report.drawings.__main__ import DRAWINGS, write_drawings
from boneage.report.drawings.canvas import STYLE, Canvas

SVG = "{http://www.w3.org/2000/svg}"


def arrows(text: str) -> dict[str, tuple[float, float]]:
    """Name of each measured arrow: its length on the drawing in pixels, and the value that it stands for."""
    found = {}
    for group in ElementTree.fromstring(text).iter(f"{SVG}g"):
        path = next(part for part in group if part.get("class") == "dimension")
        ends = np.array([point.split(",") for point in re.findall(r"[-\d.]+,[-\d.]+", path.get("d", ""))], dtype=float)
        drawn = float(np.linalg.norm(ends[1] - ends[0])) / float(group.get("data-scale", ""))
        found[group.get("data-name", "")] = (drawn, float(group.get("data-value", "")))
    return found


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_arrow_is_as_long_as_its_number_says(name: str) -> None:
    found = arrows(DRAWINGS[name]())
    assert found or name == "fusion.svg"  # which has numbers of grey levels alone
    for measurement, (drawn, value) in found.items():
        assert drawn == pytest.approx(value, abs=0.15), measurement


def test_the_arrows_of_a_tubular_bone_are_its_measurements() -> None:
    bone = tubular.scene().bones[tubular.BONE.bone]
    found = arrows(tubular.draw())
    assert len(found) == 7
    for name, (_, value) in found.items():
        assert value == pytest.approx(getattr(bone, name), abs=1e-3), name
    assert bone.length_px == pytest.approx(tubular.BONE.length, rel=0.01)
    assert bone.width_px < 0.75 * bone.metaphysis_width_px  # the drawn bone has a waist


def test_the_numbers_are_written_beside_the_arrows() -> None:
    text = tubular.draw()
    for name, (_, value) in arrows(text).items():
        assert f"{value:.1f} px" in text, name


def test_the_profile_gives_the_measured_contrast() -> None:
    found = plate.scene()
    read = plate.profile(found)
    contrast = found.bones[plate.BONE.bone].plate_contrast
    assert 0.5 < contrast < 0.9
    assert (read.bone - read.plate) / (read.bone - read.tissue) == pytest.approx(contrast, abs=0.03)


def test_the_three_states_of_a_plate_have_their_fusion() -> None:
    found = [fusion.scene(state).bones[fusion.BONE.bone].fusion for state in fusion.STATES]
    assert found == pytest.approx([1 - share for share in fusion.STATES.values()], abs=0.08)
    for value in found:
        assert f"fusion {value:.2f}" in fusion.draw()


def test_the_cortex_is_that_of_the_drawn_walls() -> None:
    bone = cortex.scene().bones[cortex.BONE.bone]
    assert bone.cortical_thickness_px == pytest.approx(cortex.WALL, abs=1)
    found = arrows(cortex.draw())
    assert found["cortical_thickness_px -1"][1] == pytest.approx(bone.cortical_thickness_px, abs=1e-3)
    assert found["cortical_width_px"][1] == pytest.approx(bone.cortical_width_px, abs=1e-3)


def test_the_spot_of_the_sesamoid_is_what_is_measured() -> None:
    drawn, bare = (sesamoid.scene(spot=spot).measured.values["sesamoid.contrast"] for spot in (True, False))
    assert drawn > 0.6
    assert abs(bare) < 0.1
    assert f"{drawn:.2f}" in sesamoid.draw()
    found = arrows(sesamoid.draw())
    assert found["along"][1] / found["aside"][1] == pytest.approx(0.20 / 0.21, rel=1e-3)


def test_the_arrows_of_carpals_finger_and_forearm_are_their_measurements() -> None:
    wrist, ray, arm = carpals.scene(), finger.scene(), forearm.scene()
    assert arrows(carpals.draw())["height_px"][1] == pytest.approx(wrist.measured.carpals.height_px, abs=1e-3)
    found = arrows(finger.draw())
    for length in ray.measured.joint_lengths:
        assert found[f"{length.bone}.joint_length_px"][1] == pytest.approx(length.length_px, abs=1e-3)
    space = joint_space(ray.bones["metacarpal_3"], ray.bones["proximal_phalanx_3"])
    assert found["proximal_phalanx_3.joint_space_px"][1] == pytest.approx(space, abs=1e-3)
    assert len(found) == 4 + 3
    found = arrows(forearm.draw())
    assert found["width_px"][1] == pytest.approx(arm.bones["radius"].width_px, abs=1e-3)
    variance = ulnar_variance(arm.bones["ulna"], arm.bones["radius"])
    assert variance < 0
    assert found["ulnar variance"][1] == pytest.approx(-variance, abs=1e-3)


def test_the_table_of_the_hand_scale_gives_the_hand_scale() -> None:
    said = sorted(hand.estimates().values())
    assert len(said) == len(TYPICAL_SHARES) == 8
    assert float(np.exp(np.mean(np.log(said[2:6])))) == pytest.approx(carpals.scene().measured.hand_scale_px)
    assert f"{carpals.scene().measured.hand_scale_px:.1f} px" in hand.draw()


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_legible_on_both_pages_and_stays_on_its_paper(name: str) -> None:
    root = ElementTree.fromstring(DRAWINGS[name]())
    used = {word for part in root.iter() for word in part.get("class", "").split()}
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)")
    for style in used:
        assert f".{style} {{" in light, style
        assert f".{style} {{" in dark, style
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for part in root.iter(f"{SVG}text"):
        assert 0 < float(part.get("x", "")) < width
        assert 0 < float(part.get("y", "")) < height
    for part in root.iter(f"{SVG}path"):
        points = np.array(
            [point.split(",") for point in re.findall(r"[-\d.]+,[-\d.]+", part.get("d", ""))], dtype=float
        )
        assert (points > 0).all(), part.get("class")
        assert (points < (width, height)).all(), part.get("class")
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None


def test_nothing_is_fetched_by_a_drawing() -> None:
    for draw in DRAWINGS.values():
        assert re.findall(r"https?://[^\"]+", draw()) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_drawings_of_the_documents_are_these(project_root: Path, name: str) -> None:
    kept, drawn = arrows((project_root / "docs" / "drawings" / name).read_text("utf-8")), arrows(DRAWINGS[name]())
    assert kept == {key: pytest.approx(value, abs=0.06) for key, value in drawn.items()}


def test_the_drawings_are_written(tmp_path: Path) -> None:
    written = write_drawings(tmp_path / "new")
    assert [path.name for path in written] == list(DRAWINGS)
    assert all(path.read_text("utf-8").startswith("<svg") for path in written)


def test_arrows_moved_aside_keep_their_length_and_small_ones_point_inwards() -> None:
    canvas = Canvas(100, 100, "title", "words", scale=2.0)
    canvas.dimension((10, 10), (30, 10), name="long", value=20.0, aside=(0.0, 30.0))
    canvas.dimension((10, 40), (11, 40), name="short", value=1.0)
    found = arrows(canvas.svg())
    assert found == {"long": (20.0, 20.0), "short": (1.0, 1.0)}
    short = list(ElementTree.fromstring(canvas.svg()).iter(f"{SVG}g"))[1]
    tails = [float(x) for part in short for x in re.findall(r"([-\d.]+),", part.get("d", ""))]
    assert min(tails) < 20
    assert max(tails) > 22


def test_words_with_signs_of_the_format_are_escaped() -> None:
    canvas = Canvas(100, 100, "a < b", "c & d")
    canvas.words((5, 5), "<b>")
    root = ElementTree.fromstring(canvas.svg())
    assert [part.text for part in root.iter(f"{SVG}text")] == ["<b>"]
