"""The panels under the answer, in the order in which they are shown. A new one is added to `PANELS` (docs/page.md)."""

from __future__ import annotations

from typing import Final

from boneage_page.panels import (
    adult_height,
    bones,
    charts,
    contributions,
    correction,
    details,
    export,
    growth,
    routes,
    tanner_whitehouse,
    visits,
)
from boneage_page.panels.panel import Panel, Shown

PANELS: Final[tuple[Panel, ...]] = (
    Panel("growth", growth.show, growth.applies),
    Panel("visits", visits.show, visits.applies),
    Panel("bones", bones.show, bones.applies),
    Panel("routes", routes.show, routes.applies),
    Panel("contributions", contributions.show, contributions.applies),
    Panel("charts", charts.show, charts.applies),
    Panel("correction", correction.show, correction.applies),
    Panel("tanner_whitehouse", tanner_whitehouse.show, tanner_whitehouse.applies),
    Panel("adult_height", adult_height.show),
    Panel("export", export.show),
    Panel("details", details.show),
)

__all__ = ["PANELS", "Panel", "Shown"]
