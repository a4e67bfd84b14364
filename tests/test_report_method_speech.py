"""Published methods in other languages: no note, error, refusal or cell is left in English."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.methods import METHODS, predict
from boneage.errors import UsageError
from boneage.keyed_text import keyed
from boneage.reference.rows import SEXES
from boneage.report.method_speech import SUBJECTS, MethodSpeech, Subject
from boneage.report.speech import ENGLISH, Speech
from boneage.tanner_whitehouse.rate import Rating, rate
from boneage.tanner_whitehouse.systems import SYSTEMS
from boneage.texts import TEXTS

HEIGHTS, STAGES = MethodSpeech(Speech("zh"), "heights"), MethodSpeech(Speech("zh"), "stages")
PACKAGES = {"heights": "adult_height", "stages": "tanner_whitehouse"}
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


def ratings() -> Iterator[Rating]:
    """Ratings by every system, of both sexes: every bone at its least, at its most, and many mixtures."""
    random = np.random.default_rng(0)
    for key, system in SYSTEMS.items():
        for sex in SEXES:
            allowed = {bone: system.allowed(bone, sex) for bone in system.bones(sex)}
            for maturity in np.linspace(0, 1, 60):
                places = {bone: maturity * (len(of) - 1) + random.normal(0, 0.7) for bone, of in allowed.items()}
                yield rate(key, sex, {b: of[int(np.clip(places[b], 0, len(of) - 1))] for b, of in allowed.items()})
            yield rate(key, sex, {bone: of[0] for bone, of in allowed.items()})
            yield rate(key, sex, {bone: of[-1] for bone, of in allowed.items()})


def test_nothing_of_adult_height_is_left_in_english() -> None:
    said = {}
    for answer in answers():
        cells = (*answer.cells, *(answer.error.cells if answer.error is not None else ()))
        said |= {text: HEIGHTS.text(text) for text in texts(answer)}
        said |= {cell.words: HEIGHTS.cell(cell) for cell in cells}
        said[answer.population] = HEIGHTS.population(answer.population)
    assert len(said) > 300
    assert_no_english(said)


def test_nothing_of_a_rating_is_left_in_english() -> None:
    said = {}
    for rating in ratings():
        said |= {note: STAGES.text(note) for note in rating.notes}
        said |= {cell.words: STAGES.cell(cell) for cell in rating.cells}
        said |= {rating.score_table: STAGES.words(rating.score_table)}
        said[rating.population] = STAGES.population(rating.population)
    assert len(said) > 300
    assert_no_english(said)


def assert_no_english(said: dict[str, str]) -> None:
    """Hold that no word but a name is English, and that every number is there."""
    for english, words in said.items():
        left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"表 [IV]+[A-F]?", "", words))) - NAMES
        assert not left, (english, words)
        assert set(re.findall(r"-?\d+\.\d+", words)) == set(re.findall(r"-?\d+\.\d+", english)), (english, words)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_text_of_the_methods_has_words_with_the_same_places(subject: Subject, project_root: Path) -> None:
    keys = {}
    for path in (project_root / "boneage" / PACKAGES[subject]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "keyed":
                assert isinstance(node.args[0], ast.Constant)
                keys[node.args[0].value] = {one.arg for one in node.keywords}
    for name in TEXTS.languages[1:]:
        known = TEXTS.table(name, f"package_{subject}.notes")
        assert set(known) == set(keys)
        for key, text in known.items():
            assert {place for _, place, _, _ in string.Formatter().parse(text) if place} == keys[key], key


def test_english_is_the_methods_own_and_what_has_no_words_stays() -> None:
    english = MethodSpeech(ENGLISH, "heights")
    assert english.text(keyed("plain_mean", "It rests.")) == "It rests."
    assert english.words("Table IIA, boys") == "Table IIA, boys"
    assert HEIGHTS.text(keyed("brand_new", "New.")) == "New."
    assert HEIGHTS.text("no key") == "no key"


def test_a_number_that_cannot_be_meant_is_explained() -> None:
    with pytest.raises(UsageError) as caught:
        predict("bayley-pinneau", height_cm=1.4)
    assert HEIGHTS.text(caught.value.message) == "现身高为 1.4，不在 40 至 230 cm 之间"
    assert HEIGHTS.text(caught.value.remedy) == "请以 cm 为单位填写"


def test_a_length_that_is_not_of_the_height_is_explained() -> None:
    with pytest.raises(UsageError) as caught:
        predict("roche-wainer-thissen", height_cm=150.0, recumbent_length_cm=170.0)
    assert HEIGHTS.text(caught.value.message) == "卧位身长减站立身高为 20.0 cm，不在 -1 至 5 cm 之间"
    assert HEIGHTS.text(caught.value.remedy) == "请重新测量两者，或只填可靠的一项"
