"""The prediction of adult height in other languages: no note, error, refusal or cell is left in English."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.methods import METHODS, predict
from boneage.errors import UsageError
from boneage.keyed_text import keyed
from boneage.report.catalogue import REPORTS
from boneage.report.height_speech import height_cell, height_population, height_text
from boneage.report.speech import ENGLISH, Speech

CHINESE = Speech("zh")
NAMES = {"Bayley", "Pinneau", "Roche", "Wainer", "Thissen", "Khamis", "Guo", "Tanner", "Whitehouse", "Fels", "Greulich"}
NAMES |= {"Pyle", "RUS", "CHN", "Mark", "erratum", "Harpenden"}


def answers() -> Iterator[HeightAnswer]:
    """Answers of every method: over the ages, of both sexes, with every scale, early, late and too far off."""
    common = {"weight_kg": 30.0, "midparent_height_cm": 170.0}
    for key, method in METHODS.items():
        for sex in ("F", "M"):
            for scale in (*method.scales, "jp_rus") if method.scales else (None,):
                for months in (6.0, 50.0, 96.0, 120.0, 126.5, 135.5, 145.0, 150.0, 163.0, 165.0, 190.0, 220.0, 290.0):
                    for ahead in (-12.0, 0.0, 13.0):
                        given: dict[str, Any] = {**common, "sex": sex, "chronological_age_months": months}
                        bone = {
                            "bone_age_months": min(max(months + ahead, 0.0), 300.0),
                            "bone_age_scale": scale,
                            "menarche": True,
                        }
                        yield predict(key, height_cm=140.0, **given, **bone)
    child = {"sex": "F", "height_cm": 140.0, "bone_age_months": 126.0, "bone_age_scale": "greulich_pyle"}
    yield predict("bayley-pinneau", **child, maturity_group="average")
    yield predict("bayley-pinneau", **child, maturity_group="average", chronological_age_months=90.0)
    yield predict("bayley-pinneau", **{**child, "height_cm": 229.0}, chronological_age_months=120.0)


def texts(answer: HeightAnswer) -> list[str]:
    """All that an answer says in words."""
    reason = [] if answer.reason is None else [answer.reason.message, answer.reason.remedy]
    return [text for text in (answer.error_words, *answer.notes, *reason) if text]


def test_nothing_is_left_in_english() -> None:
    said = {}
    for answer in answers():
        cells = (*answer.cells, *(answer.error.cells if answer.error is not None else ()))
        said |= {text: height_text(text, CHINESE) for text in texts(answer)}
        said |= {cell.words: height_cell(cell, CHINESE) for cell in cells}
        said[answer.population] = height_population(answer.population, CHINESE)
    assert len(said) > 300
    for english, words in said.items():
        left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"表 [IV]+[A-F]?", "", words))) - NAMES
        assert not left, (english, words)
        assert set(re.findall(r"-?\d+\.\d+", words)) == set(re.findall(r"-?\d+\.\d+", english)), (english, words)


def test_every_text_of_the_methods_has_words_with_the_same_places(project_root: Path) -> None:
    keys = {}
    for path in (project_root / "boneage" / "adult_height").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "keyed":
                assert isinstance(node.args[0], ast.Constant)
                keys[node.args[0].value] = {one.arg for one in node.keywords}
    for name in REPORTS.languages[1:]:
        known = REPORTS.table(name, "package_heights.notes")
        assert set(known) == set(keys)
        for key, text in known.items():
            assert {place for _, place, _, _ in string.Formatter().parse(text) if place} == keys[key], key


def test_english_is_the_methods_own_and_what_has_no_words_stays() -> None:
    assert height_text(keyed("plain_mean", "It rests."), ENGLISH) == "It rests."
    assert height_text(keyed("brand_new", "New."), CHINESE) == "New."
    assert height_text("no key", CHINESE) == "no key"


def test_a_number_that_cannot_be_meant_is_explained() -> None:
    with pytest.raises(UsageError) as caught:
        predict("bayley-pinneau", height_cm=1.4)
    assert height_text(caught.value.message, CHINESE) == "现身高为 1.4，不在 40 至 230 cm 之间"
    assert height_text(caught.value.remedy, CHINESE) == "请以 cm 为单位填写"
