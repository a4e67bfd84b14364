"""The film with what was found on it, to zoom into, to move about and to point at."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from boneage.anatomy import is_filled
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.report.outlines import Outline, outlines
from boneage.report.overlay import Layers, film_picture, film_window, marked_film
from boneage.report.palette import ALERT, INK, REFUSED, Colour, label_colour
from boneage.report.wording import UNUSUAL_Z
from boneage.result import BoneResult, Reading
from boneage.segmentation.bone_map import BoneMap

if TYPE_CHECKING:
    from PIL.Image import Image

LAYERS: Final = ("shafts", "epiphyses", "carpals", "axes", "joints")
LONGEST_SIDE: Final = 1600
"""Larger films are reduced to this for the browser."""
_JPEG_QUALITY: Final = 88
_MOST_POINTS: Final = 90
"""An outline, which is smooth, is drawn with no more points than this."""


@dataclass(frozen=True)
class FilmView:
    """How the film is shown: its layers (of `LAYERS`), and the grey levels (0 to 1) that become black and white.

    ``window`` of ``None`` is the film's own (see `boneage.report.overlay.film_window`).
    """

    layers: frozenset[str] = frozenset(LAYERS)
    window: tuple[float, float] | None = None


EVERYTHING: Final = FilmView()


def film_figure(
    reading: Reading, view: FilmView = EVERYTHING, *, height: int = 620, words: FigureWords = ENGLISH
) -> go.Figure | None:
    """Return the film as a figure; ``None`` where the file could not be read.

    Coordinates are film pixels. The outlines, and the axes with their lengths, say what they are when pointed at.
    """
    film = reading.radiograph
    if film is None:
        return None
    rows, columns = film.pixels.shape
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="#000000",
        showlegend=False,
        dragmode="pan",
        hovermode="closest",
        hoverlabel={"font": {"size": 14}},
        uirevision="film",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#9ca3af", "activecolor": "#0d9488", "orientation": "v"},
    )
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    figure.update_xaxes(range=[-0.5, columns - 0.5], constrain="domain", **hidden)
    figure.update_yaxes(range=[rows - 0.5, -0.5], scaleanchor="x", constrain="domain", **hidden)
    figure.add_layout_image(
        source=film_data_uri(film.pixels, view.window),
        xref="x", yref="y", x=-0.5, y=-0.5, sizex=columns, sizey=rows, sizing="stretch", layer="below",
    )  # fmt: skip
    figure.add_scatter(x=[0, columns - 1], y=[0, rows - 1], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    if reading.bone_map is not None:
        _add_outlines(figure, reading.bone_map, view.layers, words)
    if view.layers:
        _add_doubts(figure, reading)
    if "axes" in view.layers:
        for bone in reading.result.bones:
            _add_axis(figure, bone, words)
    if "joints" in view.layers and reading.result.joints:
        _add_joints(figure, reading, words)
    return figure


def film_data_uri(pixels: NDArray[np.float32], window: tuple[float, float] | None = None) -> str:
    """Return the film as a ``data:`` address of a JPEG whose longer side is at most `LONGEST_SIDE`."""
    picture = film_picture(pixels, min(1.0, LONGEST_SIDE / max(pixels.shape)), window=window or film_window(pixels))
    return _jpeg_uri(picture)


def small_pictures(reading: Reading, sides: Sequence[int]) -> tuple[str, ...]:
    """Return the film with its outlines as ``data:`` addresses of JPEGs, one for each length of the longer side.

    Drawn once for the longest and reduced; ``""`` for each where there is no film.
    """
    if reading.radiograph is None:
        return ("",) * len(sides)
    scale = min(1.0, max(sides) / max(reading.radiograph.pixels.shape))
    drawn = marked_film(reading, scale, layers=Layers(axes=False, joints=False))
    addresses = []
    for side in sides:
        picture = drawn.copy()
        picture.thumbnail((side, side))
        addresses.append(_jpeg_uri(picture))
    return tuple(addresses)


def layer_of(label: str) -> str:
    """Return the layer that a label belongs to: ``shafts``, ``epiphyses`` or ``carpals`` (with the sesamoid)."""
    if not is_filled(label):
        return "shafts"
    return "epiphyses" if label.endswith("_epiphysis") else "carpals"


def _add_outlines(figure: go.Figure, bone_map: BoneMap, layers: frozenset[str], words: FigureWords) -> None:
    for outline in outlines(bone_map):
        if layer_of(outline.label) in layers:
            figure.add_trace(_outline_trace(outline, words))


def _outline_trace(outline: Outline, words: FigureWords) -> go.Scatter:
    kept = np.linspace(0, len(outline.points) - 1, min(_MOST_POINTS, len(outline.points))).round().astype(int)
    points = np.round(outline.points[kept], 1)
    colour = label_colour(outline.label)
    name = words.label(outline.label)
    return go.Scatter(
        x=points[:, 0].tolist(),
        y=points[:, 1].tolist(),
        mode="lines",
        fill="toself",
        fillcolor=_css(colour, 0.25 if is_filled(outline.label) else 0.06),
        line={"color": _css(colour), "width": 1.6},
        hoveron="fills",
        name=name,
        text=name,
        hoverinfo="text",
        meta=outline.label,
    )


def _add_doubts(figure: go.Figure, reading: Reading) -> None:
    """Draw a line round the places where a quality check failed."""
    for check in reading.result.quality.checks:
        for place in check.places:
            ring = [*place, *place[:1]]
            figure.add_scatter(
                x=[x for x, _ in ring],
                y=[y for _, y in ring],
                mode="lines",
                line={"color": _css(REFUSED), "width": 3},
                hoverinfo="skip",
                meta=f"{check.name}.place",
            )


def _add_axis(figure: go.Figure, bone: BoneResult, words: FigureWords) -> None:
    unusual = bone.z is not None and abs(bone.z) >= UNUSUAL_Z
    (x0, y0), (x1, y1) = bone.endpoints
    text = words.bone(bone.bone)
    if bone.length_px is not None and not bone.partial:
        size = f"{bone.length_px:.0f} px" if bone.length_mm is None else f"{bone.length_mm:.1f} mm"
        text = f"{text}<br>{words.length} {size}"
    figure.add_scatter(
        x=[x0, (x0 + x1) / 2, x1],
        y=[y0, (y0 + y1) / 2, y1],
        mode="lines+markers",
        line={"color": _css(ALERT if unusual else INK), "width": 3 if unusual else 1.4},
        marker={"size": 5},
        text=text,
        hoverinfo="text",
        name=text,
        meta=f"{bone.bone}.axis",
    )


def _add_joints(figure: go.Figure, reading: Reading, words: FigureWords) -> None:
    joints = reading.result.joints
    figure.add_scatter(
        x=[joint.xy[0] for joint in joints],
        y=[joint.xy[1] for joint in joints],
        mode="markers",
        marker={"size": 8, "color": "#ffffff", "line": {"color": "#000000", "width": 1.5}},
        text=[words.joint(joint.joint) for joint in joints],
        hoverinfo="text",
        meta="joints",
    )


def _jpeg_uri(picture: Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _css(colour: Colour, opacity: float = 1.0) -> str:
    return f"rgba({colour[0]},{colour[1]},{colour[2]},{opacity:g})"
