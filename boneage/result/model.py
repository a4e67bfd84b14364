"""The result of one film as frozen dataclasses: one field here is one key of the JSON.

Ages are months, coordinates are ``[x, y]`` in input-image pixels (centre of the top left pixel is ``[0, 0]``),
intervals are 95 %. A number that could not be had is ``None`` (``NaN`` is accepted and written as ``null``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from boneage.result.ages import NO_ESTIMATES, BoneAge, Chronological, Estimates, PatternBone
from boneage.result.calibration import Calibration
from boneage.result.correction import ReaderCorrection

Status = Literal["ok", "refused", "error"]
Severity = Literal["error", "warning", "info"]
Point = tuple[float, float]


@dataclass(frozen=True)
class Reason:
    """Why a film was refused or failed (``error``), or a remark on an answer (``warning``, ``info``)."""

    code: str
    message: str
    remedy: str = ""
    severity: Severity = "error"


@dataclass(frozen=True)
class SexOfInput:
    """``M``, ``F`` or ``None``, and its source: ``user``, ``dicom``, ``manifest`` or ``none``; never guessed."""

    value: Literal["M", "F"] | None = None
    source: str = "none"


@dataclass(frozen=True)
class PixelSpacing:
    """Millimetres per pixel, the class of evidence, and whether lengths in mm may be compared with a table."""

    mm: float | None = None
    source: str = "none"
    reliable: bool = False
    message: str = "no pixel spacing known: lengths are pixels and ratios only"


@dataclass(frozen=True)
class Input:
    """What was read. The hash, format and size are ``None`` where the file could not be opened so far."""

    path: str
    sha256: str | None = None
    format: str | None = None
    rows: int | None = None
    columns: int | None = None
    laterality: str | None = None
    sex: SexOfInput = SexOfInput()
    pixel_spacing: PixelSpacing = PixelSpacing()


@dataclass(frozen=True)
class SexAnswer:
    """The whole answer under the assumption of one sex (used where the sex is not known)."""

    bone_age: BoneAge | None
    estimates: Estimates = NO_ESTIMATES
    chronological: Chronological | None = None
    pattern_profile: tuple[PatternBone, ...] | None = None
    calibration: Calibration | None = None


@dataclass(frozen=True)
class BoneResult:
    """One bone in film pixels; ``None`` where it could not be measured.

    ``endpoints`` run proximal to distal along the long axis, epiphysis included. ``z`` is the bone length's z score in
    the reference table at the bone age found. ``partial`` marks a bone of which the film shows only a part (radius and
    ulna): its length is not one to compare. ``joint_length_px`` runs between the ``joint_endpoints``, as the landmarks
    of the Digital Hand Atlas do; ``length_sds_…`` are its z scores for the bone age found and for the child's own age.
    ``plate_contrast`` is 1 for a black growth plate, 0 where no line is left. ``bone_age_months`` is the age that this
    bone's measurements give alone (``None`` where the sex is unknown: see ``by_sex``).
    ``fusion`` is 0 for a dark line all across the growth plate, 1 for none. The cortex is that of metacarpals 2 to 4 at
    mid-shaft: ``cortical_index`` is its share of the width, ``cortical_note`` says why there is none (``resolution``,
    ``no_cavity``).
    """

    bone: str
    endpoints: tuple[Point, Point]
    length_px: float | None
    length_mm: float | None = None
    shaft_length_px: float | None = None
    width_px: float | None = None
    epiphysis_width_px: float | None = None
    epiphysis_height_px: float | None = None
    metaphysis_width_px: float | None = None
    gap_px: float | None = None
    plate_contrast: float | None = None
    shaft_area_px2: float | None = None
    epiphysis_area_px2: float | None = None
    z: float | None = None
    partial: bool = False
    joint_endpoints: tuple[Point, Point] | None = None
    joint_length_px: float | None = None
    joint_length_mm: float | None = None
    length_sds_for_bone_age: float | None = None
    length_sds_for_chronological_age: float | None = None
    bone_age_months: float | None = None
    bone_age_interval_95: tuple[float, float] | None = None
    fusion: float | None = None
    cortical_thickness_px: float | None = None
    cortical_thickness_mm: float | None = None
    cortical_width_px: float | None = None
    cortical_index: float | None = None
    cortical_note: str = ""


@dataclass(frozen=True)
class LengthScore:
    """The joint-to-joint lengths of a hand against those of healthy children of one sex and age.

    ``mean_z`` is the mean of the ``bones`` lengths' z scores, ``sd_of_mean_z`` its standard deviation among such
    children (the lengths of one hand go together), ``sds`` the one over the other; ``verdict`` is ``short`` below -2,
    ``long`` above 2, else ``usual``. ``reference`` names the table.
    """

    age_months: float
    mean_z: float
    sd_of_mean_z: float
    sds: float
    bones: int
    verdict: Literal["short", "usual", "long"]
    reference: str


@dataclass(frozen=True)
class HandLengths:
    """Whether the hand's bones are short or long for the bone age found and for the child's own age.

    ``None`` where there is no score; ``message`` says why, or what the scores rest on (the table's inferred scale).
    """

    for_bone_age: LengthScore | None = None
    for_chronological_age: LengthScore | None = None
    message: str = ""


@dataclass(frozen=True)
class CarpalResult:
    """One carpal that has a name: area and centre ``[x, y]`` in film pixels, and the z score of its size.

    ``z`` is taken in the reference table at the bone age found.
    """

    carpal: str
    area_px2: float
    centre: Point
    z: float | None = None


@dataclass(frozen=True)
class Carpals:
    """The carpals in film pixels: ossified area, number of separate centres, area of the carpal region.

    ``bone_age_months`` is the age that the carpals give alone; ``bones`` are those that have a name, in the order of
    `boneage.anatomy.CARPALS`.
    """

    area_px2: float | None
    centres: int | None
    region_area_px2: float | None
    bone_age_months: float | None = None
    bone_age_interval_95: tuple[float, float] | None = None
    bones: tuple[CarpalResult, ...] = ()


@dataclass(frozen=True)
class JointResult:
    """A joint or finger tip: name, ``[x, y]`` in film pixels, confidence from 0 to 1."""

    joint: str
    xy: Point
    confidence: float | None = None


@dataclass(frozen=True)
class Check:
    """One quality check: what was found, the limit that it was held against and whether it passed.

    ``places`` are closed outlines on the film, of points ``[x, y]``, where it failed. Where the sex is unknown,
    ``if_sex`` says for which one it was made (of a check made for both the worse is kept); ``None`` is no key of the
    JSON.
    """

    name: str
    passed: bool
    value: float | str | None = None
    limit: float | str | None = None
    places: tuple[tuple[Point, ...], ...] = ()
    if_sex: Literal["M", "F"] | None = None


FINDINGS: Final = frozenset({"grown_boy", "grown_girl", "turned_degrees", "mirrored"})
"""Checks whose failure says something of the hand, and nothing against the answer."""


@dataclass(frozen=True)
class Quality:
    """All quality checks made on the film."""

    checks: tuple[Check, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """Names of the checks that failed: of an answered film, what makes its answer less certain.

        A grown hand, and one that lies turned, are findings and no doubts.
        """
        return tuple(check.name for check in self.checks if not check.passed and check.name not in FINDINGS)


@dataclass(frozen=True)
class Model:
    """A network that took part, by name and hash of its weights."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Reference:
    """A reference table that took part, by name and version."""

    name: str
    version: str


@dataclass(frozen=True)
class Software:
    """What computed this."""

    version: str = ""
    models: tuple[Model, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Seconds:
    """Wall-clock seconds of each step; ``None`` for a step that was not taken."""

    read: float | None = None
    segment: float | None = None
    measure: float | None = None
    lookup: float | None = None
    regress: float | None = None
    total: float | None = None


@dataclass(frozen=True)
class Result:
    """Everything said about one film.

    Attributes
    ----------
    status:
        ``ok``, ``refused`` (the film is not one to read an age from) or ``error`` (it could not be read or processed).
    bone_age:
        ``None`` where refused or failed, and where the sex is unknown (then `by_sex` holds both answers).
    values:
        Every scale-free value of `boneage.measurement.definitions` that could be taken, by name, whatever the method:
        those that no age is read from, and those of parts that a reader left out, among them.
    bone_health_index:
        Of metacarpals 2 to 4, in mm^(1/3); ``None`` without a reliable pixel spacing or where a cortex is not resolved.
    pattern_profile:
        Each bone's length against its own hand; ``None`` where the sex is unknown (then in `by_sex`), where too few
        bones have a length, or where no table was looked up.
    calibration:
        The site calibration that was applied; ``None``, and no key of the JSON, where none was.
    reader_correction:
        What a reader changed, and the answer before; ``None``, and no key of the JSON, where nothing was.
    """

    status: Status
    input: Input
    reasons: tuple[Reason, ...] = ()
    bone_age: BoneAge | None = None
    by_sex: Mapping[str, SexAnswer] | None = None
    estimates: Estimates = NO_ESTIMATES
    chronological: Chronological | None = None
    bones: tuple[BoneResult, ...] = ()
    lengths: HandLengths | None = None
    pattern_profile: tuple[PatternBone, ...] | None = None
    carpals: Carpals | None = None
    bone_health_index: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    joints: tuple[JointResult, ...] = ()
    labels: Mapping[int, str] = field(default_factory=dict)
    quality: Quality = Quality()
    software: Software = Software()
    seconds: Seconds = Seconds()
    calibration: Calibration | None = None
    reader_correction: ReaderCorrection | None = None

    @property
    def settled(self) -> ReaderCorrection | None:
        """The reader's correction where the reader settled on a bone age, which then goes before the program's."""
        said = self.reader_correction
        return said if said is not None and said.has_settled else None

    def answers(self) -> dict[str | None, SexAnswer]:
        """Return the answers by sex: one under the known sex, two where it is unknown, none where there is no age."""
        if self.by_sex:
            return {sex: self.by_sex[sex] for sex in ("M", "F") if sex in self.by_sex}
        if self.bone_age is None:
            return {}
        answer = SexAnswer(self.bone_age, self.estimates, self.chronological, self.pattern_profile, self.calibration)
        return {self.input.sex.value: answer}

    @property
    def looked_up_in(self) -> tuple[Reference, ...]:
        """The tables that the ages come from: of those that took part, not the ones that give SD scores alone."""
        routes = (answer.estimates.measurement for answer in self.answers().values())
        names = {route.reference for route in routes if route is not None}
        return tuple(table for table in self.software.references if table.name in names)

    @property
    def problems(self) -> tuple[Reason, ...]:
        """The reasons that stopped an answer."""
        return tuple(reason for reason in self.reasons if reason.severity == "error")

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """The reasons to read the answer with care, and remarks."""
        return tuple(reason for reason in self.reasons if reason.severity != "error")

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON types (``NaN`` and infinity become ``None``, floats 6 significant digits)."""
        from boneage.result.codec import encode_result

        return encode_result(self)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the result as strict JSON text."""
        import json

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """Read a result back from its JSON; unknown keys are ignored.

        Raises
        ------
        ValueError
            If the major schema version is another one, a required key is missing, or a value is none that may stand
            there.
        """
        from boneage.result.codec import decode_result

        return decode_result(data)
