"""What a method of height prediction answers: a height with its error, what is missing, or why there is none."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from boneage.reference.published import Cell

Status = Literal["ok", "missing", "refused"]


@dataclass(frozen=True)
class StatedError:
    """The error of a prediction as its publication states it.

    Attributes
    ----------
    sd_cm:
        Standard deviation of the error, cm.
    words:
        What the figure is, among whom, and what else the publication prints with it.
    cells:
        The table cells that it was taken from.
    """

    sd_cm: float
    words: str
    cells: tuple[Cell, ...] = ()

    @property
    def two_sd_cm(self) -> float:
        """Return twice the SD: about 19 of 20 errors are smaller if they are spread normally."""
        return 2 * self.sd_cm


@dataclass(frozen=True)
class Refused:
    """Why there is no prediction: code, cause and remedy."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True)
class HeightAnswer:
    """The answer of one method.

    Attributes
    ----------
    method, title:
        Key and name of the method.
    status:
        ``ok``; ``missing`` where inputs were not given; ``refused`` where the method must not be used.
    reference, population:
        The publication, and the children that it rests on.
    inputs:
        What was given, by the names of the input object.
    predicted_cm:
        Predicted adult height in cm, or ``None``.
    error:
        The stated error, or ``None``; ``error_words`` then says why.
    error_words:
        The error in words, or why none is stated.
    cells:
        The table cells that the height was computed from.
    notes:
        What must be known when the number is used.
    missing:
        Names of the inputs that are needed and were not given.
    reason:
        Why it was refused.
    """

    method: str
    title: str
    status: Status
    reference: str
    population: str
    inputs: dict[str, Any]
    predicted_cm: float | None = None
    error: StatedError | None = None
    error_words: str = ""
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: Refused | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types, field for field."""
        data = asdict(self)
        data["cells"] = [asdict(cell) for cell in self.cells]
        data["notes"], data["missing"] = list(self.notes), list(self.missing)
        if self.error is not None:
            data["error"] = {**asdict(self.error), "two_sd_cm": self.error.two_sd_cm}
            data["error"]["cells"] = [asdict(cell) for cell in self.error.cells]
        return data


@dataclass(frozen=True)
class Computed:
    """What the arithmetic of a method gives; `boneage.adult_height.methods` makes a `HeightAnswer` of it."""

    predicted_cm: float
    cells: tuple[Cell, ...]
    error: StatedError | None
    error_words: str
    notes: tuple[str, ...] = ()
