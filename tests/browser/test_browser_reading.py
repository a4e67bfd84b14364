"""One film in a real browser: the answer is that of the command line, and follows what is said about the child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_runs import Runner
from made_films import LARGEST_ROWS, dicom_film, raster_film
from page_driver import Page, example, texts
from PIL import Image

from boneage.report.wording import age_words, interval_words

pytestmark = [pytest.mark.slow, pytest.mark.flaky(reruns=1)]

FILM = example("rsna_1744.webp")
GLANCE = texts("glance")
CHILD = texts("child")
GIRL, BOY = CHILD["sexes"]["F"], CHILD["sexes"]["M"]


@pytest.fixture
def predict(capsys: pytest.CaptureFixture[str]) -> Any:
    """`boneage predict --json`, as a function of the film and further words."""
    run = Runner(capsys)
    return lambda path, *words: run("predict", path, "--json", *words).json


def answer_words(answer: dict[str, Any]) -> list[str]:
    """What the page says of an answer of the command line: the age, its interval, and the months."""
    age = answer["bone_age"]
    low, high = age["interval_95"]
    return [
        age_words(age["months"]),
        GLANCE["interval"].format(words=interval_words((low, high))),
        f"{age['months']:.1f} months ({low:.0f} to {high:.0f})",
    ]


def label_of(sex: str) -> str:
    """What stands over the answer for a sex."""
    return str(GLANCE["bone_age_of"].format(sex={"M": "boy", "F": "girl"}[sex]))


def test_the_page_says_what_the_command_line_says_and_follows_the_sex(page: Page, predict: Any) -> None:
    unknown = predict(FILM)
    page.upload(FILM)
    label = str(GLANCE["bone_age_if"])
    both = page.wait(lambda state: len(state.metrics) == 2 and not state.busy, "both answers")
    for sex, name in (("M", "boy"), ("F", "girl")):
        words = answer_words(unknown["by_sex"][sex])
        assert both.metrics[label.format(sex=name)] == words[0]
        assert all(word in both.text for word in words)
    assert CHILD["missing_items"]["sex"] in both.text
    for sex, option in (("F", GIRL), ("M", BOY)):
        stated = predict(FILM, "--sex", sex)
        page.choose(CHILD["sex"], option)
        one = page.wait_for_words(label_of(sex))
        words = answer_words(stated)
        assert one.metrics == {label_of(sex): words[0]}
        assert all(word in one.text for word in words)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_film_in_a_common_format_is_read_as_the_command_line_reads_it(
    page: Page, predict: Any, tmp_path: Path, kind: str
) -> None:
    film = tmp_path / f"film.{kind.lower()}"
    film.write_bytes(raster_film(kind))
    said = predict(film, "--sex", "M")
    assert said["input"]["format"] == kind
    page.upload(film)
    page.choose(CHILD["sex"], BOY)
    shown = page.wait_for_words(label_of("M"))
    assert shown.metrics == {label_of("M"): age_words(said["bone_age"]["months"])}
    assert all(word in shown.text for word in answer_words(said))


def test_a_dicom_film_of_more_than_100_megabytes_is_answered(page: Page, predict: Any, tmp_path: Path) -> None:
    film = tmp_path / "large.dcm"
    film.write_bytes(dicom_film(LARGEST_ROWS, PatientSex="M"))
    assert film.stat().st_size > 100 * 2**20
    said = predict(film)
    page.upload(film)
    shown = page.wait_for_words(label_of("M"))
    assert shown.metrics == {label_of("M"): age_words(said["bone_age"]["months"])}
    page.wait(lambda _: page.film_view()[0] and page.shapes(), "the film with its bones")


def test_a_chronological_age_is_held_against_the_answer_and_never_changes_it(page: Page, predict: Any) -> None:
    page.upload(FILM)
    page.choose(CHILD["sex"], BOY)
    before = page.wait_for_words(label_of("M")).metrics
    for age in ("10y4m", "16"):
        page.write(CHILD["age_field"], age)
        own = predict(FILM, "--sex", "M", "--chronological-age", age)["chronological"]
        shown = page.wait_for_answer(Chronological=age_words(own["months"])).metrics
        assert shown[label_of("M")] == before[label_of("M")]
        assert shown[GLANCE["difference"]] == f"{own['difference_months']:+.0f} mo".replace("-", "−")
        assert shown[GLANCE["sds"]] == f"{own['sds']:+.1f}".replace("-", "−")
    page.write(CHILD["age_field"], "ten")
    page.wait(
        lambda state: state.metrics == before and any("10y4m" in alert for alert in state.alerts),
        "how an age is written, and the answer without one",
    )


def test_a_dicom_file_tells_sex_and_age(page: Page, predict: Any) -> None:
    film = example("synthetic.dcm")
    found = predict(film)
    page.upload(film)
    shown = page.wait_for_answer(Bone_age=age_words(found["bone_age"]["months"]))
    assert shown.metrics[GLANCE["own_age"]] == age_words(found["chronological"]["months"])
    assert CHILD["age_from_file"].format(age=shown.metrics[GLANCE["own_age"]]) in shown.text


def test_what_is_no_hand_is_refused_with_what_helps(page: Page, tmp_path: Path) -> None:
    noise = tmp_path / "noise.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (600, 500), dtype=np.uint8)).save(noise)
    page.upload(noise)
    shown = page.wait(lambda state: state.alerts and not state.busy, "a refusal")
    assert GLANCE["refused"] in shown.alerts[0]
    assert GLANCE["remedy"].partition("{")[0] in shown.alerts[0]
    assert not shown.metrics


def test_half_a_hand_is_refused_with_what_helps(page: Page, tmp_path: Path) -> None:
    with Image.open(FILM) as film:
        film.crop((0, 0, film.width, film.height // 2)).save(tmp_path / "half.png")
    page.upload(tmp_path / "half.png")
    page.choose(CHILD["sex"], BOY)
    shown = page.wait(lambda state: GLANCE["refused"] in " ".join(state.alerts) and not state.busy, "a refusal")
    assert GLANCE["remedy"].partition("{")[0] in shown.alerts[0]
    assert not shown.metrics


def test_a_broken_file_is_said_to_be_one_and_the_next_film_is_read(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.webp"
    broken.write_bytes(FILM.read_bytes()[:5000])
    page.upload(broken)
    shown = page.wait(lambda state: state.alerts and not state.busy, "the file is not readable")
    assert GLANCE["failed"] in shown.alerts[0]
    assert not shown.metrics
    page.upload(FILM)
    page.wait(lambda state: len(state.metrics) == 2 and not state.busy, "both answers of the next film")


def test_an_example_is_read_in_chinese(browser: Page) -> None:
    page = browser.open(language="zh")
    glance = texts("glance", "zh")
    page.upload(FILM)
    shown = page.wait(lambda state: len(state.metrics) == 2 and not state.busy, "both answers")
    labels = {glance["bone_age_if"].format(sex=texts("package", "zh")["sexes"][sex]) for sex in "MF"}
    assert set(shown.metrics) == labels
    page.choose_in_list(texts("page", "zh")["language"], texts("page")["name"])
    page.wait_for_words(GLANCE["bone_age_if"].format(sex="boy"))


def test_another_language_changes_words_and_nothing_that_was_said(page: Page) -> None:
    page.upload(FILM)
    page.wait(lambda state: len(state.metrics) == 2 and not state.busy, "both answers")
    page.choose_sex("F")
    page.wait_for_words(label_of("F"))
    page.press(CHILD["more"])
    page.choose(CHILD["method"], CHILD["methods"]["measurement"])
    answer = page.wait_for_words(GLANCE["one_route"].partition("{")[0]).metrics[label_of("F")]
    page.press(CHILD["more"])
    page.choose(CHILD["age"], CHILD["ways"]["dates"])
    page.wait_for_words(CHILD["dates_missing"])
    page.choose_in_list(texts("page")["language"], texts("page", "zh")["name"])
    page.language = "zh"
    page.wait_for_words(texts("child", "zh")["dates_missing"])
    child = texts("child", "zh")
    assert page.chosen(child["sex"]) == child["sexes"]["F"]
    assert page.chosen(child["age"]) == child["ways"]["dates"]
    page.press(child["more"])
    page.wait(lambda _: page.chosen(child["method"]) == child["methods"]["measurement"], "the method that was chosen")
    page.press(child["more"])
    page.choose_in_list(texts("page", "zh")["language"], texts("page")["name"])
    page.language = "en"
    page.wait_for_words(CHILD["dates_missing"])
    page.choose(CHILD["age"], CHILD["ways"]["age"])
    page.write(CHILD["age_field"], "9y")
    state = page.wait(lambda state: "SD score" in state.metrics and not state.busy, "the age held against the answer")
    assert {label: age for label, age in state.metrics.items() if label.startswith("Bone age")} == {
        label_of("F"): answer
    }
    assert GLANCE["one_route"].partition("{")[0] in state.text
