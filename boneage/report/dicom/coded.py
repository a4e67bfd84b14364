"""The codes of the DICOM reports: standard ones where they exist, else those of the private scheme ``99BONEAGE``.

``docs/dicom_reports.md`` lists them all. Standard codes are those of DICOM's own context groups (DCM, SCT) and LOINC;
none is made up. A private code never changes its meaning.
"""

from __future__ import annotations

from typing import Final

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from boneage.anatomy import LABELS, SESAMOID, ray_of
from boneage.report.wording import METHOD_WORDS, label_words

SCHEME: Final = "99BONEAGE"
SCHEME_NAME: Final = "boneage: bones of the hand and bone age"

BONE_AGE: Final = Code("85151-9", "LN", "Bone age")
BONE_AGE_STUDY: Final = Code("37362-1", "LN", "Bones X-ray bone age")

PIXELS: Final = Code("{pixels}", "UCUM", "Pixels")

LOWER_LIMIT: Final = Code("LOWER95", SCHEME, "Lower limit of the 95 % interval")
UPPER_LIMIT: Final = Code("UPPER95", SCHEME, "Upper limit of the 95 % interval")
AT_OR_ABOVE: Final = Code("ATORABOVE", SCHEME, "Bone age is at or above this age")
BY_MEASUREMENT: Final = Code("AGEMEASURED", SCHEME, "Bone age from the measured bones alone")
BY_REGRESSION: Final = Code("AGEREGRESSED", SCHEME, "Bone age by direct regression alone")
BY_ONE_BONE: Final = Code("AGEONEBONE", SCHEME, "Bone age from this bone alone")
BY_READER: Final = Code("BYREADER", SCHEME, "Settled on by a reader")
AUTOMATIC: Final = Code("AGEAUTOMATIC", SCHEME, "Automatic bone age, where a reader settled on another")
DIFFERENCE: Final = Code("DIFFERENCE", SCHEME, "Bone age minus chronological age")
VISIBLE_LENGTH: Final = Code("VISIBLELENGTH", SCHEME, "Length of the part of the bone on the film")
ASSUMED_SEX: Final = Code("ASSUMEDSEX", SCHEME, "Sex assumed for this answer")

METHODS: Final = {
    "combined": Code("COMBINED", SCHEME, METHOD_WORDS["combined"].capitalize()),
    "measurement": Code("MEASUREMENT", SCHEME, METHOD_WORDS["measurement"].capitalize()),
    "regression": Code("REGRESSION", SCHEME, METHOD_WORDS["regression"].capitalize()),
}

SEXES: Final = {"M": codes.DCM.Male, "F": codes.DCM.Female}
SIDES: Final = {"L": codes.SCT.Left, "R": codes.SCT.Right}

_SHORT: Final = {
    "metacarpal": "MC",
    "proximal_phalanx": "PP",
    "middle_phalanx": "MP",
    "distal_phalanx": "DP",
}


def structure_code(label: str) -> Code:
    """Return the private code of exactly this label of the segmentation, for instance ``MC3-EPI``.

    Raises
    ------
    KeyError
        If ``label`` is not one of `boneage.anatomy.LABELS`.
    """
    return _STRUCTURES[label]


def anatomy_code(label: str) -> Code:
    """Return the narrowest standard code that a label's bone has (a phalanx and most carpals: a bone of the hand)."""
    if label.startswith("radius"):
        return codes.SCT.RadiusBone
    if label.startswith("ulna"):
        return codes.SCT.Ulna
    if label.startswith("metacarpal"):
        return codes.SCT.Metacarpal
    if label == "scaphoid":
        return codes.SCT.Scaphoid
    return Code(codes.SCT.BoneStructureOfHand.value, "SCT", "Bone structure of hand")


def region_code(label: str) -> Code:
    """Return the body region that a label lies in."""
    return codes.SCT.BoneOfUpperLimb if label.startswith(("radius", "ulna")) else codes.SCT.Hand


def _short(label: str) -> str:
    bone = label.removesuffix("_epiphysis")
    ray = ray_of(bone)
    name = bone.upper() if ray is None else f"{_SHORT[bone.rsplit('_', 1)[0]]}{ray}"
    if bone == SESAMOID:
        name = "SESAMOID"
    return name if bone == label else f"{name}-EPI"


_STRUCTURES: Final = {label: Code(_short(label), SCHEME, label_words(label)) for label in LABELS.values()}
