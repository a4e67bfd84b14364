"""The pattern profile: each bone's length against its own hand."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from boneage.anatomy import TUBULAR_BONES
from boneage.report.figures.style import BAND, FLAGGED, MEASURED, chart, transparent
from boneage.report.figures.words import ENGLISH, FigureWords
from boneage.report.wording import signed
from boneage.result import PatternBone


def pattern_figure(profile: Sequence[PatternBone], *, height: int = 420, words: FigureWords = ENGLISH) -> go.Figure:
    """Return the profile as a line over the bones, with the band of 2 SD; flagged bones stand out."""
    figure = chart(height=height, x="", y=words.pattern_axis)
    order = {bone: place for place, bone in enumerate(TUBULAR_BONES)}
    shown = sorted(profile, key=lambda bone: order.get(bone.bone, len(order)))
    names = [words.bone(bone.bone) for bone in shown]
    figure.add_hrect(y0=-2, y1=2, fillcolor=transparent(BAND, 0.12), line_width=0)
    figure.add_hline(y=0, line={"color": BAND, "width": 1})
    figure.add_scatter(
        x=names,
        y=[bone.z_own_hand for bone in shown],
        mode="lines+markers",
        line={"color": transparent(MEASURED, 0.6), "width": 1.5},
        marker={
            "size": [13 if bone.flagged else 8 for bone in shown],
            "color": [FLAGGED if bone.flagged else MEASURED for bone in shown],
            "symbol": ["diamond" if bone.flagged else "circle" for bone in shown],
        },
        text=[f"{name}: {signed(bone.z_own_hand)} SD" for name, bone in zip(names, shown, strict=True)],
        hoverinfo="text",
        showlegend=False,
    )
    figure.update_xaxes(tickangle=-60)
    return figure
