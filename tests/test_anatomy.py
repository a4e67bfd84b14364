"""The vocabulary of the hand."""

from __future__ import annotations

from boneage.anatomy import BONES, CARPAL_VALUES, CARPALS, LABEL_VALUES, LABELS, SESAMOID, epiphysis_of, is_filled


def test_label_values_stay_what_they_were() -> None:
    assert list(LABELS) == list(range(1, 52))
    assert (LABELS[1], LABELS[20], LABELS[39], LABELS[42]) == (
        "metacarpal_1",
        "metacarpal_1_epiphysis",
        "radius",
        "ulna_epiphysis",
    )
    assert LABEL_VALUES["carpals"] == 43
    assert [LABEL_VALUES[name] for name in CARPALS] == list(range(44, 51))
    assert LABEL_VALUES[SESAMOID] == 51


def test_carpals_are_those_with_and_without_a_name() -> None:
    assert frozenset(range(43, 51)) == CARPAL_VALUES
    assert CARPALS[:2] == ("capitate", "hamate")


def test_shafts_are_not_filled() -> None:
    filled = {name for name in LABEL_VALUES if is_filled(name)}
    assert filled == {*(epiphysis_of(bone) for bone in BONES), "carpals", *CARPALS, SESAMOID}
