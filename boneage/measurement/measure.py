"""From a segmented hand to its measurements."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from scipy import ndimage

from boneage.anatomy import BONES, LABELS
from boneage.measurement.axis import Vector
from boneage.measurement.bone import Found, find_shaft, measure_bone
from boneage.measurement.carpals import measure_carpals
from boneage.measurement.fineness import fineness_of, to_units
from boneage.measurement.joint_lengths import joint_lengths
from boneage.measurement.measurements import Measurements
from boneage.measurement.scale import hand_scale
from boneage.measurement.sesamoid import sesamoid_contrast
from boneage.measurement.values import scale_free_values
from boneage.segmentation.bone_map import BoneMap

LEAST_CONFIDENCE = 0.1
"""Joints with a lower confidence are treated as missing."""


def measure(bone_map: BoneMap) -> Measurements:
    """Measure every bone of a segmented hand.

    Bones without a shaft label are left out; what cannot be measured is ``nan``. Nothing is measured on the whole
    frame: each label is worked on in its own crop.

    Parameters
    ----------
    bone_map:
        Labels, pixels and joints in the hand frame. Joints may be missing.

    Returns
    -------
    Measurements
        Lengths in pixels of the hand frame, and the scale-free values of `boneage.measurement.definitions`.

    Raises
    ------
    ValueError
        If labels and pixels differ in shape or are not two-dimensional.
    """
    labels, pixels = bone_map.learned_labels, bone_map.pixels.clip(0.0, 1.0)
    if labels.ndim != 2 or labels.shape != pixels.shape:
        msg = f"labels of shape {labels.shape} and pixels of shape {pixels.shape} do not fit"
        raise ValueError(msg)
    slices = ndimage.find_objects(labels, max_label=max(LABELS))
    boxes = {value: box for value, box in enumerate(slices, start=1) if box is not None}
    fineness = fineness_of(labels.shape)
    joints = {name: to_units(xy, fineness) for name, xy in _usable_joints(bone_map).items()}
    shafts = {bone: part for bone in BONES if (part := find_shaft(bone, labels, boxes, joints)) is not None}
    centroids = {bone: part.centroid() for bone, part in shafts.items()}
    found = Found(
        labels=labels,
        pixels=pixels,
        boxes=boxes,
        joints=joints,
        shafts=shafts,
        centroids=centroids,
        film_scale=bone_map.frame.scale,
    )
    bones = {bone: measured for bone in BONES if (measured := measure_bone(bone, found)) is not None}
    carpals = measure_carpals(labels, boxes, bones)
    scale = hand_scale(bones)
    plain = Measurements(
        bones=tuple(bones.values()),
        carpals=carpals,
        hand_scale_px=scale,
        sesamoid_contrast=sesamoid_contrast(labels, pixels, bones, scale),
        joint_lengths=joint_lengths(bones, bone_map.pixels),
    )
    return dataclasses.replace(plain, values=scale_free_values(plain))


def _usable_joints(bone_map: BoneMap) -> Mapping[str, Vector]:
    """Return the joints that are finite and not of low confidence."""
    return {
        name: np.array(xy, dtype=float)
        for name, xy in bone_map.joints.items()
        if bool(np.all(np.isfinite(xy))) and bone_map.joint_confidence.get(name, 1.0) >= LEAST_CONFIDENCE
    }
