"""Stand-ins for the rooms, so that the way through them is tested without networks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boneage.combination import CombinationModel
from boneage.errors import BoneAgeError, ReadError
from boneage.estimate import Estimator
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement, Measurements
from boneage.options import EstimateOptions
from boneage.quality.checks import Finding
from boneage.radiograph.radiograph import Notice, Radiograph, Spacing
from boneage.reference.posterior import AgePosterior, Contribution, PartAge
from boneage.reference.standards import StandardScore, skeletal_age_sds
from boneage.segmentation.bone_map import BoneMap, HandCheck, HandFrame

if TYPE_CHECKING:
    from boneage.regression.occlusion import RegionEffect

MEASURED = {"M": 110.0, "F": 96.0}
REGRESSED = {"M": 104.0, "F": 92.0}


@dataclass(frozen=True)
class Age:
    """An age and its interval."""

    months: float
    interval_95: tuple[float, float]


def film(**changes: Any) -> Radiograph:
    """A small film of a boy with a known pixel size."""
    pixels = np.zeros((200, 160), dtype=np.float32)
    return replace(
        Radiograph(pixels, "PNG", "ab" * 32, Spacing(0.2, "user", True, "given"), "M", "user", laterality="L"),
        **changes,
    )


CHECKS = (HandCheck("tubular_bones", True, 19.0, 12.0),)
NOTICES = (Notice("mirrored", "the hand is mirrored", severity="info"),)


def bone_map() -> BoneMap:
    """A hand frame of half the size of the film."""
    frame = HandFrame(np.array([[2.0, 0.0, 10.0], [0.0, 2.0, 20.0]]), (90, 70))
    labels = np.zeros(frame.shape, dtype=np.uint8)
    labels[20:60, 30:40] = 3
    pixels = np.zeros(frame.shape, dtype=np.float32)
    return BoneMap(labels, pixels, {"wrist": (30.0, 80.0)}, {"wrist": 0.9}, frame, CHECKS, NOTICES)


def measurements() -> Measurements:
    """One metacarpal of 40 frame pixels."""
    bone = BoneMeasurement(
        "metacarpal_3", ((35.0, 60.0), (35.0, 20.0)), 40.0, 35.0, 6.0, 8.0, 4.0, 9.0, 1.0, 0.5, 200.0, 32.0
    )
    return Measurements((bone,), CarpalMeasurement(100.0, 5, 400.0), {"metacarpal_3.length_ratio": 0.41})


@dataclass
class StandInRooms:
    """Rooms with settled answers that count how they were asked; an error given for a room is raised by it."""

    radiograph: Radiograph = field(default_factory=film)
    errors: dict[str, BaseException] = field(default_factory=dict)
    measured: Mapping[str, float] = field(default_factory=lambda: MEASURED)
    regressed: Mapping[str, float] = field(default_factory=lambda: REGRESSED)
    has_regression: bool = True
    out_of_step: bool = False
    findings: tuple[Finding, ...] = ()
    table_versions: Mapping[str, str] = field(default_factory=lambda: {"stand_in_table": "7"})
    combination: CombinationModel = field(default_factory=CombinationModel)
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def _enter(self, room: str, *arguments: Any) -> None:
        self.calls.append((room, *arguments))
        if room in self.errors:
            raise self.errors[room]

    def open_reference(self) -> None:
        self._enter("open_reference")

    def read(self, film: Path | bytes, *, pixel_spacing_mm: float | None, sex: str | None) -> Radiograph:
        self._enter("read", film, pixel_spacing_mm, sex)
        if isinstance(film, Path) and not film.exists():
            msg = "there is no such file"
            raise ReadError("not_found", msg, remedy="check the path")
        if isinstance(film, Path) and film.read_bytes()[:3] == b"bad":
            msg = "this is not a picture"
            raise ReadError("not_an_image", msg, remedy="give a DICOM or a raster picture")
        content = film if isinstance(film, bytes) else film.read_bytes()
        changes: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest()}
        if sex is not None:
            changes |= {"sex": None if sex == "unknown" else sex, "sex_source": "user"}
        if pixel_spacing_mm is not None:
            changes["spacing"] = Spacing(pixel_spacing_mm, "user", True, "given")
        return replace(self.radiograph, **changes)

    def segment(self, radiograph: Radiograph) -> BoneMap:
        self._enter("segment")
        return bone_map()

    def inspect(self, radiograph: Radiograph, bone_map: BoneMap) -> tuple[Finding, ...]:
        self._enter("inspect")
        return self.findings

    def measure(self, bone_map: BoneMap) -> Measurements:
        self._enter("measure")
        return measurements()

    def look_up(self, values: Mapping[str, float], sex: str, *, unseen: Collection[str] = ()) -> AgePosterior:
        self._enter("look_up", dict(values), sex, unseen)
        months = self.measured[sex]
        ages, density = np.array([months]), np.array([1.0])
        part = Contribution("metacarpal_3.length_ratio", 0.41, 0.40, 0.7, 1.0)
        interval = (months - 20, months + 20)
        own = 300.0 if self.out_of_step else months
        bones = (PartAge("metacarpal_3", own, (own - 30, own + 30)),)
        return AgePosterior(ages, density, months, interval, (part,), "stand_in_table", bone_ages=bones)

    def regress(self, bone_map: BoneMap, sex: str) -> Age:
        self._enter("regress", bone_map.pixels.shape, sex)
        months = self.regressed[sex]
        return Age(months, (months - 20, months + 20))

    def region_effects(self, bone_map: BoneMap, sex: str) -> tuple[RegionEffect, ...]:
        from boneage.regression.occlusion import RegionEffect  # Loads torch, which most processes can do without.

        self._enter("region_effects", sex)
        square = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]])
        return (RegionEffect("wrist", 5.0, square), RegionEffect("mcp_2", -2.0, square + 20))

    def score(self, bone_age_months: float, chronological_age_months: float, sex: str) -> StandardScore:
        self._enter("score")
        return skeletal_age_sds(bone_age_months, chronological_age_months, sex)  # type: ignore[arg-type]


def failing(room: str, error: BoneAgeError | BaseException) -> StandInRooms:
    """Rooms of which one raises."""
    return StandInRooms(errors={room: error})


class RealReaderRooms(StandInRooms):
    """Films are really read; everything behind the reader is a stand-in."""

    def read(self, film: Path | bytes, *, pixel_spacing_mm: float | None, sex: str | None) -> Radiograph:
        from boneage.radiograph.read import read_radiograph, read_radiograph_bytes

        if isinstance(film, bytes):
            return read_radiograph_bytes(film, pixel_spacing_mm=pixel_spacing_mm, sex=sex)
        return read_radiograph(film, pixel_spacing_mm=pixel_spacing_mm, sex=sex)


def stand_in_estimator(options: EstimateOptions) -> Estimator:
    """Make an estimator of stand-in rooms; worker processes can call it."""
    return Estimator(options, rooms=StandInRooms())


class DeadlyRooms(StandInRooms):
    """A file that begins with ``kill`` ends the process that reads it, as running out of memory does."""

    def read(self, film: Path | bytes, *, pixel_spacing_mm: float | None, sex: str | None) -> Radiograph:
        if isinstance(film, Path) and film.read_bytes().startswith(b"kill"):
            os._exit(9)
        return super().read(film, pixel_spacing_mm=pixel_spacing_mm, sex=sex)


def deadly_estimator(options: EstimateOptions) -> Estimator:
    """Make an estimator whose process a film may kill."""
    return Estimator(options, rooms=DeadlyRooms())
