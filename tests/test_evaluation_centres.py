"""Ossification centres against drawn ones."""

from __future__ import annotations

import numpy as np
from drawn_films import drawn_hand

from boneage.anatomy import CARPALS, LABEL_VALUES, LABELS
from boneage.evaluation.centres import EPIPHYSES, presences

HAND = drawn_hand()
JOINTS = dict(HAND.joints)
DRAWN = np.isin(HAND.labels, [v for v, name in LABELS.items() if name.endswith("_epiphysis") or name == "carpals"])
CENTRE = "middle_phalanx_4_epiphysis"


def judged(labels: np.ndarray, mask: np.ndarray = DRAWN) -> dict[str, tuple[bool, bool]]:
    return {one.centre: (one.drawn, one.shown) for one in presences(labels, mask, JOINTS)}


def test_every_epiphysis_of_the_drawing_is_judged_and_right() -> None:
    found = judged(HAND.labels)
    assert set(EPIPHYSES) <= set(found)
    assert all(found[name] == (True, True) for name in EPIPHYSES)
    assert "radius_epiphysis" not in found


def test_what_is_shown_and_not_drawn_is_wrong() -> None:
    mask = DRAWN & (HAND.labels != LABEL_VALUES[CENTRE])
    assert judged(HAND.labels, mask)[CENTRE] == (False, True)
    neither = np.where(HAND.labels == LABEL_VALUES[CENTRE], 0, HAND.labels)
    assert judged(neither, mask)[CENTRE] == (False, False)
    assert judged(neither)[CENTRE] == (True, False)


def test_the_label_map_may_be_smaller_than_the_mask() -> None:
    small = judged(HAND.labels[::2, ::2])
    assert all(small[name] == (True, True) for name in EPIPHYSES)


def test_a_joint_with_a_nameless_component_is_not_judged_where_nothing_is_drawn() -> None:
    mask = DRAWN.copy()
    mask[HAND.labels == LABEL_VALUES[CENTRE]] = False
    x, y = (round(value) for value in JOINTS["pip_4"])
    mask[y - 5, x + 3] = True  # a speck, too small to be anything
    assert CENTRE not in judged(HAND.labels, mask)
    assert "middle_phalanx_2_epiphysis" in judged(HAND.labels, mask)


def test_carpals_are_judged_by_name() -> None:
    found = judged(HAND.labels)
    named = [name for name in CARPALS if name in found]
    assert all(not found[name][1] for name in named)  # the drawing's carpals have no names
