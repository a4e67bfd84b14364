"""The stamp of a site calibration on an answer: which one was applied, and what the answer was before."""

from __future__ import annotations

from dataclasses import dataclass

from boneage.result.ages import BoneAge, Estimates


@dataclass(frozen=True)
class UncalibratedAnswer:
    """The answer as it was before the calibration: bone age and both routes.

    The contributions are left out of ``estimates``: a calibration does not touch them.
    """

    bone_age: BoneAge
    estimates: Estimates


@dataclass(frozen=True)
class Calibration:
    """A site calibration that was applied to an answer.

    ``name`` is that of the site, ``sha256`` the hash of its file, ``created`` the day of its fit (``YYYY-MM-DD``) and
    ``fitted_on_n`` the number of local films of this sex (of both where the sex is unknown). ``correction`` is what
    these films gave reason for: ``line`` (offset and slope), ``offset``, ``none``, or ``few_films`` where they were too
    few and nothing was changed; ``None`` where the sex is unknown, and ``uncalibrated`` too: see ``by_sex``.
    """

    name: str
    sha256: str
    created: str
    fitted_on_n: int
    correction: str | None = None
    uncalibrated: UncalibratedAnswer | None = None
