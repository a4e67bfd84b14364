"""The rooms that one film walks through, each opened only when first needed and kept for the rest of the process."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from boneage.errors import WeightsError
from boneage.options import EstimateOptions, SexWord

if TYPE_CHECKING:
    from boneage.combination import CombinationModel
    from boneage.measurement.measurements import Measurements
    from boneage.quality.checks import Finding
    from boneage.radiograph.radiograph import Radiograph, Sex
    from boneage.reference.lookup import AgeLookup
    from boneage.reference.posterior import AgePosterior
    from boneage.reference.standards import StandardScore
    from boneage.regression.occlusion import RegionEffect
    from boneage.regression.regressor import Regressor
    from boneage.segmentation.bone_map import BoneMap
    from boneage.segmentation.segmenter import Segmenter

Film = Path | bytes
"""A file, or the bytes of one (an upload)."""


class RegressionAge(Protocol):
    """What the direct regression answers: age and 95 % interval in months."""

    @property
    def months(self) -> float:
        """Bone age."""

    @property
    def interval_95(self) -> tuple[float, float]:
        """Central 95 % interval."""


class Rooms(Protocol):
    """Everything that `boneage.estimate.Estimator` asks of the other rooms; tests give stand-ins."""

    def open_reference(self) -> None:
        """Load and check the reference table; raises `TableError`."""

    def read(self, film: Film, *, pixel_spacing_mm: float | None, sex: SexWord | None) -> Radiograph:
        """Read a film; raises `ReadError`."""

    def segment(self, radiograph: Radiograph) -> BoneMap:
        """Find the bones; raises `Refusal` where there is no usable hand."""

    def inspect(self, radiograph: Radiograph, bone_map: BoneMap) -> tuple[Finding, ...]:
        """Return what the quality gate finds on the film, now that the bones are known."""

    def measure(self, bone_map: BoneMap) -> Measurements:
        """Measure the bones."""

    def look_up(self, values: Mapping[str, float], sex: Sex, *, unseen: Collection[str] = ()) -> AgePosterior:
        """Find the age that best explains the measurements; that an unseen part has none says nothing."""

    def regress(self, bone_map: BoneMap, sex: Sex) -> RegressionAge:
        """Read the age from the picture of the hand."""

    def region_effects(self, bone_map: BoneMap, sex: Sex) -> tuple[RegionEffect, ...]:
        """Find what the regression's age rests on."""

    def score(self, bone_age_months: float, chronological_age_months: float, sex: Sex) -> StandardScore:
        """Hold the bone age against the child's own age."""

    @property
    def table_versions(self) -> Mapping[str, str]:
        """Name to version of the reference tables that were opened."""

    @property
    def combination(self) -> CombinationModel:
        """The weights of the two routes."""

    @property
    def has_regression(self) -> bool:
        """Whether the regression network is installed."""


class InstalledRooms:
    """The rooms of the installed package.

    Nothing is loaded before it is needed; whatever was loaded stays for the next film.
    """

    def __init__(self, options: EstimateOptions) -> None:
        self._options = options

    def open_reference(self) -> None:
        """Load and check the reference table (see `boneage.reference.tables`)."""
        _ = self._lookup

    def read(self, film: Film, *, pixel_spacing_mm: float | None, sex: SexWord | None) -> Radiograph:
        """Read a film (see `boneage.radiograph.read`)."""
        from boneage.radiograph.read import read_radiograph, read_radiograph_bytes

        if isinstance(film, bytes):
            return read_radiograph_bytes(film, pixel_spacing_mm=pixel_spacing_mm, sex=sex)
        return read_radiograph(film, pixel_spacing_mm=pixel_spacing_mm, sex=sex)

    def segment(self, radiograph: Radiograph) -> BoneMap:
        """Find the bones (see `boneage.segmentation.segmenter`)."""
        return self._segmenter.segment(radiograph)

    def inspect(self, radiograph: Radiograph, bone_map: BoneMap) -> tuple[Finding, ...]:
        """Check picture, pose and foreign bodies (see `boneage.quality.gate`)."""
        from boneage.quality.gate import inspect_hand

        return inspect_hand(radiograph, bone_map)

    def measure(self, bone_map: BoneMap) -> Measurements:
        """Measure the bones (see `boneage.measurement.measure`)."""
        from boneage.measurement.measure import measure

        return measure(bone_map)

    def look_up(self, values: Mapping[str, float], sex: Sex, *, unseen: Collection[str] = ()) -> AgePosterior:
        """Find the age that best explains the measurements (see `boneage.reference.lookup`)."""
        return self._lookup.explain(values, sex, unseen=unseen)

    def regress(self, bone_map: BoneMap, sex: Sex) -> RegressionAge:
        """Read the age from the picture of the hand (see `boneage.regression.regressor`)."""
        return self._regressor.regress(bone_map, sex)

    def region_effects(self, bone_map: BoneMap, sex: Sex) -> tuple[RegionEffect, ...]:
        """Find what the regression's age rests on (see `boneage.regression.occlusion`)."""
        return self._regressor.effects(bone_map, sex)

    def score(self, bone_age_months: float, chronological_age_months: float, sex: Sex) -> StandardScore:
        """Hold the bone age against the child's own age (see `boneage.reference.standards`)."""
        from boneage.reference.standards import skeletal_age_sds

        return skeletal_age_sds(bone_age_months, chronological_age_months, sex)

    @property
    def table_versions(self) -> Mapping[str, str]:
        """Name to version of the reference tables that were opened."""
        if "_lookup" not in self.__dict__:  # Not opened so far: a film that failed early does not pay for it.
            return {}
        metadata = self._lookup.table.metadata
        return {metadata.name: metadata.version}

    @cached_property
    def combination(self) -> CombinationModel:
        """The weights of the two routes (see `boneage.combination`)."""
        from boneage.combination import load_combination

        return load_combination()

    @cached_property
    def has_regression(self) -> bool:
        """Whether the regression network is installed. A damaged one counts as installed: using it is an error."""
        from boneage.software import installed_models, is_regression

        try:
            return any(is_regression(model.name) for model in installed_models())
        except WeightsError:
            return True

    @cached_property
    def _segmenter(self) -> Segmenter:
        from boneage.segmentation.segmenter import Segmenter

        return Segmenter()

    @cached_property
    def _regressor(self) -> Regressor:
        from boneage.regression.regressor import Regressor

        return Regressor()

    @cached_property
    def _lookup(self) -> AgeLookup:
        from boneage.reference.lookup import AgeLookup
        from boneage.reference.tables import DEFAULT_REFERENCE, load_reference

        table = load_reference(self._options.reference or DEFAULT_REFERENCE)
        return AgeLookup(table, prior=self._options.prior)
