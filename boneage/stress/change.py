"""One change of a film: what is done to it, how strongly, and what it means to a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from boneage.evaluation.variants import Pixels, Variant

if TYPE_CHECKING:
    from PIL.Image import Image

    from boneage.radiograph.radiograph import Spacing

Bones = NDArray[np.bool_]
"""Where the bones lie on the film, shape (rows, columns)."""

Effect = Literal["unseen", "same", "loss"]

EFFECTS: Final[dict[Effect, str]] = {
    "unseen": "a reader would not notice it",
    "same": "a reader would notice it and give the same age",
    "loss": "something that a reader needs may be lost",
}
"""What a change means to somebody who reads the film by eye, the mildest first."""


@dataclass(frozen=True)
class Change:
    """A change that a film may have come with.

    Attributes
    ----------
    name:
        Short, for the command line.
    family:
        What kind of change it is.
    strength:
        What is done, in words.
    effect:
        What it means to a reader: a key of `EFFECTS`, settled before any film was read.
    variant:
        How the file of the changed film is made.
    beside:
        For a change that has to know where the bones are: done instead of the variant's own change.
    stated_mm:
        Pixel size in millimetres that is stated with the changed film, whatever it was.
    """

    name: str
    family: str
    strength: str
    effect: Effect
    variant: Variant
    beside: Callable[[Image, Bones], Image] | None = None
    stated_mm: float | None = None

    def encode(self, pixels: Pixels, bones: Bones) -> bytes:
        """Return the file of the changed film.

        Parameters
        ----------
        pixels:
            The film, shape (rows, columns), 0 to 1, bone bright.
        bones:
            Where the bones lie on it.
        """
        beside = self.beside
        if beside is None:
            return self.variant.encode(pixels)
        return replace(self.variant, change=lambda picture: beside(picture, bones)).encode(pixels)

    def spacing_mm(self, spacing: Spacing) -> float | None:
        """Return the pixel size to state with the changed film: the film's own where it is reliable, carried along."""
        if self.stated_mm is not None:
            return self.stated_mm
        return spacing.mm / self.variant.scale if spacing.reliable and spacing.mm is not None else None
