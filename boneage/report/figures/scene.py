"""A film to zoom into and to move about: its picture, what is drawn on it, and the ends that can be placed on it."""

from __future__ import annotations

import base64
import io
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from boneage.report.overlay import film_picture, film_window
from boneage.report.palette import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE: Final = 1600
"""Larger films are reduced to this for the browser."""
_JPEG_QUALITY: Final = 88

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle in film pixels: its left top corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shape:
    """Something drawn on the film.

    Attributes
    ----------
    part:
        What it is, for tests and tools: a label, ``<bone>.axis``, ``<joint>.joint``, ``<check>.place``.
    points:
        ``[x, y]`` in film pixels; a single one is a dot.
    colour:
        Of the line, in CSS.
    width:
        Of the line, or of the dot, in pixels of the screen however far the film is zoomed into.
    fill:
        Colour inside of a closed outline, in CSS; ``None`` leaves the line open.
    text:
        What it says when it is pointed at; empty where nothing is to be said.
    """

    part: str
    points: Points
    colour: str
    width: float
    fill: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Handle:
    """A point that can be dragged, or moved with the arrow keys; ``name`` says which to people."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Scene:
    """A film with what is drawn on it.

    Attributes
    ----------
    source:
        The picture as a ``data:`` address.
    place:
        Where the picture lies.
    view:
        What is seen at first, and again after "whole film".
    shapes:
        What is drawn, in this order.
    handles:
        Points to be placed, joined by a line.
    """

    source: str
    place: Box
    view: Box
    shapes: tuple[Shape, ...] = ()
    handles: tuple[Handle, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return it as plain dictionaries and lists, for the browser."""
        return asdict(self)


def film_data_uri(pixels: NDArray[np.float32], window: tuple[float, float] | None = None) -> str:
    """Return the film as a ``data:`` address of a JPEG whose longer side is at most `LONGEST_SIDE`."""
    picture = film_picture(pixels, min(1.0, LONGEST_SIDE / max(pixels.shape)), window=window or film_window(pixels))
    return jpeg_uri(picture)


def jpeg_uri(picture: Image) -> str:
    """Return a picture as a ``data:`` address of a JPEG."""
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def css(colour: Colour, opacity: float = 1.0) -> str:
    """Return a colour as CSS writes it."""
    return f"rgba({colour[0]},{colour[1]},{colour[2]},{opacity:g})"
