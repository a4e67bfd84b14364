"""What a user may ask for: the method, the reference table and the prior over age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from boneage.errors import UsageError

if TYPE_CHECKING:
    from boneage.calibration.site import SiteCalibration

Method = Literal["auto", "measurement", "regression"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)

PriorName = Literal["flat", "population"]
"""``flat``: every age of the table alike; ``population``: as the films behind the table are spread over the ages."""
PRIORS: Final[tuple[PriorName, ...]] = get_args(PriorName)

SexWord = Literal["M", "F", "unknown"]
"""``unknown`` is said on purpose and outranks the file; where nothing is said the file is asked."""

OwnAge = float | Literal["unknown"]
"""The chronological age in months; ``unknown`` as in `SexWord`."""


@dataclass(frozen=True)
class EstimateOptions:
    """How every film of a run is read.

    Attributes
    ----------
    method:
        ``auto`` combines both routes; the others take one.
    reference:
        Name of an installed reference table or path of one's own; ``None`` is the package's own default.
    prior:
        Prior over age of the measurement route.
    calibration:
        A site's correction of the answers; ``None`` leaves them as they are.
    explain:
        Find out what the direct regression rests on, at the cost of some twenty readings of its networks.
    """

    method: Method = "auto"
    reference: str | None = None
    prior: PriorName = "flat"
    calibration: SiteCalibration | None = None
    explain: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            msg = f"unknown method {self.method!r}"
            raise UsageError("unknown_method", msg, remedy=f"use one of: {', '.join(METHODS)}")
        if self.prior not in PRIORS:
            msg = f"unknown prior {self.prior!r}"
            raise UsageError("unknown_prior", msg, remedy=f"use one of: {', '.join(PRIORS)}")
