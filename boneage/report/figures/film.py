"""The film with what was found on it, to zoom into, to move about and to point at."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from boneage.anatomy import is_filled
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.report.outlines import Outline, outlines
from boneage.report.overlay import film_picture, film_window
from boneage.report.palette import ALERT, INK, Colour, label_colour
from boneage.report.wording import UNUSUAL_Z
from boneage.result import BoneResult, Reading
from boneage.segmentation.bone_map import BoneMap

LAYERS: Final = ("shafts", "epiphyses", "carpals", "axes", "joints")
LONGEST_SIDE: Final = 1600
"""Larger films are reduced to this for the browser."""
_JPEG_QUALITY: Final = 88
_COARSE: Final = 0.35 / LONGEST_SIDE
"""Points of an outline that lie this close to its line are left out, in longer sides of the film."""


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
        _add_outlines(figure, reading.bone_map, view.layers, words, max(rows, columns))
    if "axes" in view.layers:
        for bone in reading.result.bones:
            _add_axis(figure, bone, words)
    if "joints" in view.layers and reading.result.joints:
        _add_joints(figure, reading, words)
    return figure


def film_data_uri(pixels: NDArray[np.float32], window: tuple[float, float] | None = None) -> str:
    """Return the film as a ``data:`` address of a JPEG whose longer side is at most `LONGEST_SIDE`."""
    picture = film_picture(pixels, min(1.0, LONGEST_SIDE / max(pixels.shape)), window=window or film_window(pixels))
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=_JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def layer_of(label: str) -> str:
    """Return the layer that a label belongs to: ``shafts``, ``epiphyses`` or ``carpals`` (with the sesamoid)."""
    if not is_filled(label):
        return "shafts"
    return "epiphyses" if label.endswith("_epiphysis") else "carpals"


def _add_outlines(
    figure: go.Figure, bone_map: BoneMap, layers: frozenset[str], words: FigureWords, longest: int
) -> None:
    for outline in outlines(bone_map):
        if layer_of(outline.label) in layers:
            figure.add_trace(_outline_trace(outline, words, tolerance=_COARSE * longest))


def _outline_trace(outline: Outline, words: FigureWords, *, tolerance: float) -> go.Scatter:
    from skimage.measure import approximate_polygon

    points = np.round(approximate_polygon(outline.points, tolerance), 1)
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


def _css(colour: Colour, opacity: float = 1.0) -> str:
    return f"rgba({colour[0]},{colour[1]},{colour[2]},{opacity:g})"
