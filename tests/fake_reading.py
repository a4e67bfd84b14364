"""A hand drawn from rectangles, and the reading of it: stands in for the networks in tests of reports and page."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from skimage.draw import disk, polygon

from boneage.anatomy import BONES, JOINTS, LABEL_VALUES, LABELS, bounding_joints, epiphysis_is_distal, epiphysis_of
from boneage.errors import Refusal
from boneage.radiograph.radiograph import NO_SPACING, Radiograph, Spacing
from boneage.result import (
    AgeByMeasurement,
    AgeByRegression,
    BoneAge,
    BoneResult,
    Check,
    Chronological,
    Contribution,
    Estimates,
    Input,
    Model,
    Quality,
    ReaderCorrection,
    Reading,
    Reason,
    Reference,
    Result,
    Seconds,
    SexAnswer,
    Software,
    film_joints,
    input_of,
    refused,
)
from boneage.segmentation.bone_map import BoneMap, HandFrame

FRAME = (400, 320)
"""Rows and columns of the drawn hand frame."""


def drawn_joints() -> dict[str, tuple[float, float]]:
    """Joints of a schematic left hand, fingers up and thumb to the right."""
    joints = {"wrist": (160.0, 330.0), "cmc_1": (205.0, 300.0), "mcp_1": (240.0, 250.0), "ip_1": (262.0, 215.0)}
    joints["tip_1"] = (278.0, 185.0)
    for ray, x, top in ((2, 205.0, 60.0), (3, 170.0, 40.0), (4, 135.0, 55.0), (5, 100.0, 95.0)):
        for name, share in (("mcp", 0.0), ("pip", 0.45), ("dip", 0.75), ("tip", 1.0)):
            joints[f"{name}_{ray}"] = (x + (x - 160) * 0.3 * share, 205.0 + (top - 205.0) * share)
    return {name: joints[name] for name in JOINTS}


def ends_of(bone: str) -> tuple[np.ndarray, np.ndarray]:
    """Proximal and distal end of a drawn bone in the hand frame."""
    joints = drawn_joints()
    proximal, distal = bounding_joints(bone)
    if bone in {"radius", "ulna"}:
        x = 185.0 if bone == "radius" else 130.0
        return np.array([x, 395.0]), np.array([x, 338.0])
    end = np.array(joints[distal])
    if proximal is None:
        return np.array([160 + (end[0] - 160) * 0.5, 285.0]), end
    return np.array(joints[proximal]), end


def drawn_bone_map(frame: HandFrame) -> BoneMap:
    """The drawn hand's labels in the hand frame: each bone a bar, its epiphysis the bar's end."""
    labels = np.zeros(FRAME, np.uint8)
    for bone in BONES:
        start, end = ends_of(bone)
        axis = (end - start) / np.linalg.norm(end - start)
        across = np.array([-axis[1], axis[0]]) * (11 if bone in {"radius", "ulna"} else 7)
        length = float(np.linalg.norm(end - start))
        epiphysis = (0.84, 0.97) if epiphysis_is_distal(bone) else (0.03, 0.15)
        shaft = (0.03, 0.80) if epiphysis_is_distal(bone) else (0.19, 0.97)
        for name, (low, high) in ((bone, shaft), (epiphysis_of(bone), epiphysis)):
            a, b = start + axis * length * low, start + axis * length * high
            corners = np.array([a - across, a + across, b + across, b - across])
            rows, columns = polygon(corners[:, 1], corners[:, 0], FRAME)
            labels[rows, columns] = LABEL_VALUES[name]
    for x, y in ((145, 300), (172, 300), (160, 318)):
        rows, columns = disk((y, x), 9, shape=FRAME)
        labels[rows, columns] = LABEL_VALUES["carpals"]
    joints = drawn_joints()
    return BoneMap(labels, (labels > 0).astype(np.float32), joints, dict.fromkeys(joints, 0.9), frame)


def drawn_frame(*, scale: float = 2.0, degrees: float = 0.0, mirrored: bool = False) -> HandFrame:
    """A similarity about the film's middle."""
    angle = math.radians(degrees)
    turn = scale * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    if mirrored:
        turn = turn @ np.array([[-1.0, 0.0], [0.0, 1.0]])
    middle = np.array([FRAME[1] / 2, FRAME[0] / 2])
    return HandFrame(np.column_stack([turn, middle * scale - turn @ middle]), FRAME)


def drawn_radiograph(bone_map: BoneMap, *, spacing: Spacing = NO_SPACING) -> Radiograph:
    """The film of the drawn hand: bright bones upon a soft grey."""
    from boneage.report.labels import film_labels

    scale = bone_map.frame.scale
    shape = (round(FRAME[0] * scale), round(FRAME[1] * scale))
    shade = np.linspace(0.15, 0.3, shape[1], dtype=np.float32)[None, :].repeat(shape[0], axis=0)
    pixels = np.where(film_labels(bone_map, shape) > 0, np.float32(0.8), shade).astype(np.float32)
    return Radiograph(pixels, "PNG", "ab" * 32, spacing, sex="F", sex_source="user", laterality="L")


def drawn_answer(months: float = 124.0, own: float | None = 118.0) -> SexAnswer:
    """An answer with both routes."""
    contributions = tuple(
        Contribution(f"{bone}.length_ratio", 0.3, 0.29, 0.5, weight)
        for bone, weight in (("metacarpal_3", 0.3), ("radius_epiphysis", 0.5), ("distal_phalanx_1", 0.2))
    )
    return SexAnswer(
        BoneAge(months, (months - 11, months + 11), "combined"),
        Estimates(
            AgeByMeasurement(months - 3, (months - 20, months + 14), "rsna-train", contributions),
            AgeByRegression(months + 2, (months - 12, months + 16)),
        ),
        None if own is None else Chronological(own, months - own, (months - own) / 10, "Brush Foundation"),
    )


def fake_reading(
    *, frame: HandFrame | None = None, spacing: Spacing = NO_SPACING, own: float | None = 118.0, z: float = 0.4
) -> Reading:
    """The reading of the drawn hand, a girl."""
    bone_map = drawn_bone_map(frame or drawn_frame())
    film = drawn_radiograph(bone_map, spacing=spacing)
    answer = drawn_answer(own=own)
    bones = []
    for bone in BONES:
        ends = bone_map.frame.to_film(np.array(ends_of(bone)))
        length = float(np.linalg.norm(ends[1] - ends[0]))
        partial = bone in {"radius", "ulna"}
        bones.append(
            BoneResult(
                bone,
                (tuple(ends[0]), tuple(ends[1])),
                length,
                None if spacing.mm is None else length * spacing.mm,
                width_px=28.0,
                epiphysis_width_px=28.0,
                z=None if partial else z,
                partial=partial,
            )
        )
    result = Result(
        "ok",
        input_of("drawn.png", film),
        bone_age=answer.bone_age,
        estimates=answer.estimates,
        chronological=answer.chronological,
        bones=tuple(bones),
        joints=film_joints(bone_map),
        labels=dict(LABELS),
        quality=Quality((Check("hand_found", True, 0.9, 0.5),)),
        software=Software("0.0.1", (Model("segmentation", "cd" * 32),), (Reference("rsna-train", "1"),)),
        seconds=Seconds(0.1, 0.4, 0.1, 0.01, 0.2, 0.81),
    )
    return Reading(result, film, bone_map)


def settled(reading: Reading, months: float = 180.0, *, reader: str = "AB") -> Reading:
    """The reading with an age that a reader settled on, far from that of the program."""
    sds = {"M": 6.2, "F": 5.2}
    held = {
        sex: Chronological(118.0, months - 118, sds[sex], "Brush Foundation")
        for sex in (reading.result.answers() or {"F": None})
        if sex is not None
    }
    said = ReaderCorrection(final_months=months, reader=reader, chronological=held)
    return replace(reading, result=replace(reading.result, reader_correction=said))


def fake_unknown_sex() -> Reading:
    """The same hand where nobody said whose it is."""
    reading = fake_reading()
    both = {"M": drawn_answer(140.0), "F": drawn_answer(124.0)}
    source = replace(reading.result.input, sex=type(reading.result.input.sex)())
    result = replace(
        reading.result, input=source, bone_age=None, by_sex=both, estimates=Estimates(), chronological=None
    )
    return Reading(result, reading.radiograph, reading.bone_map)


def fake_refusal() -> Reading:
    """A film that was read and refused."""
    film = drawn_radiograph(drawn_bone_map(drawn_frame()))
    error = Refusal("not_a_hand", "no hand was found on this film", remedy="check that this is a hand radiograph")
    warning = Reason("flat_grey_levels", "the grey levels are nearly flat", "", "warning")
    return Reading(refused(input_of("knee.png", film), error, warnings=(warning,)), film)


def fake_error() -> Reading:
    """A file that could not be read."""
    reason = Reason("truncated_dicom", "the file ends before its pixels do", "copy it again from its source")
    return Reading(Result("error", Input("broken.dcm"), (reason,)))
