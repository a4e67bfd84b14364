"""The panels under the answer: tables, charts, exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from app_page import APP, FakeEstimator, figures, open_panel, opened_page, upload, words_on
from charted_reading import UNRELIABLE, charted_reading
from dicom_films import film_of as dicom_film_of
from dicom_films import small_reading
from fake_reading import fake_reading, fake_refusal
from make_dicom import SECRET, dicom_bytes, hand, to_bytes
from PIL import Image
from pydicom import dcmread
from report_material import pdf_text
from streamlit.testing.v1 import AppTest

from boneage.reference.standards import BRUSH, GREULICH_PYLE_1959, skeletal_age_sds
from boneage.reference.tables import load_reference
from boneage.report.wording import signed
from boneage.result import (
    BoneAge,
    Check,
    Chronological,
    PatternBone,
    PixelSpacing,
    ReaderCorrection,
    Reading,
    Result,
)

assert APP.is_dir()

from boneage_page import flow  # noqa: E402
from boneage_page.films import film_of  # noqa: E402
from boneage_page.language import table  # noqa: E402
from boneage_page.panels.export import Download, downloads  # noqa: E402
from boneage_page.panels.panel import Panel, Shown  # noqa: E402
from boneage_page.shelf import Entry, Header  # noqa: E402
from boneage_page.speech import speech  # noqa: E402

from boneage.texts import TEXTS  # noqa: E402


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as it opens."""
    with opened_page(monkeypatch) as opened:
        yield opened


def shown_of(reading: Reading, *, name: str = "Jane_Roe.dcm", data: bytes = b"film") -> Shown:
    """What the panels get of a reading."""
    named = replace(reading.result, input=replace(reading.result.input, path=name))
    reading = replace(reading, result=named)
    return Shown(Entry(film_of(name, data), Header()), named, reading)


def texts(language: str, panel: str) -> dict[str, Any]:
    """The texts of a panel."""
    return dict(TEXTS.texts(language)[panel])


def files_of(shown: Shown, *, with_identifiers: bool = False) -> dict[str, Download]:
    """All downloads by label."""
    first, others = downloads(shown, with_identifiers=with_identifiers)
    return {file.label: file for file in (*first, *others)}


def test_bones_and_what_stands_out(page: AppTest) -> None:
    reading = fake_reading(z=-3.4)
    pattern = (PatternBone("metacarpal_1", 0.1, 0.4, False), PatternBone("metacarpal_2", -2.0, -2.6, True))
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, pattern_profile=pattern))
    page = open_panel(upload(page, "film.dcm"), "Bones")
    bones = next(table.value for table in page.dataframe if "Bone" in table.value)
    assert len(bones) == 21
    assert bones["Remark"].eq("unusual length").sum() == 19
    assert "Length (mm)" not in bones
    assert "1 of 2 bone lengths lie beyond 2 SD of their own hand: Metacarpal 2 (index) −2.6" in words_on(page)
    assert any("against its own hand" in alt for alt in figures(page))


def test_work_is_shown(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = open_panel(upload(page, "film.dcm"), "Show the work")
    contributions = next(table.value for table in page.dataframe if "Measurement" in table.value)
    assert contributions["Weight"].is_monotonic_decreasing
    assert any("rsna-train" in caption.value for caption in page.caption)


def test_growth_chart_says_what_it_shows(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    text = words_on(page)
    assert "At a chronological age of 9 y 10 mo the bone age is 10 y 4 mo (95 %: 9 y 5 mo to 11 y 3 mo)" in text
    assert "by Brush Foundation (Greulich & Pyle 1959). Usual" in text
    (chart,) = (spec for alt, spec in figures(page).items() if alt.startswith("Growth chart of bone age"))
    assert "this visit" in {trace.get("name") for trace in chart["data"]}
    page.selectbox(key="standard").set_value("greulich_pyle_1959").run()
    (chart,) = (spec for alt, spec in figures(page).items() if alt.startswith("Growth chart of bone age"))
    assert "mean of the reference's children" not in {trace.get("name") for trace in chart["data"]}


def test_score_and_verdict_follow_the_standard_chosen(page: AppTest) -> None:
    bone_age, own = BoneAge(142.5, (131.0, 154.0), "combined"), Chronological(120.0, 22.5, 2.0, "another")
    reading = fake_reading()
    FakeEstimator.by_name["film.dcm"] = replace(
        reading, result=replace(reading.result, bone_age=bone_age, chronological=own)
    )
    page = upload(page, "film.dcm")
    said = {}
    for standard in (BRUSH, GREULICH_PYLE_1959):
        page.selectbox(key="standard").set_value(standard).run()
        (said[standard],) = (box.value for box in page.markdown if box.value.startswith("At a chronological age"))
        score = skeletal_age_sds(142.5, 120.0, "F", standard=standard).sds
        assert score is not None
        assert f"SD score {signed(score)} by {table('growth.standards')[standard]}" in said[standard]
        assert ("Advanced" if score > 2 else "Usual") in said[standard]
    assert len({"Advanced" in text for text in said.values()}) == 2


def test_growth_chart_of_a_grown_hand_does_not_ask_for_the_age_that_it_has(page: AppTest) -> None:
    grown = BoneAge(214.0, (200.0, 228.0), "combined", bound="at_or_above", bound_months=204.0)
    reading = fake_reading()
    result = replace(reading.result, bone_age=grown, chronological=Chronological(210.0, at_least=True))
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=result)
    page = upload(page, "film.dcm")
    assert [box.value for box in page.info if box.value.startswith("No verdict: of a grown hand")]
    assert not [box for box in page.info if "Give the chronological age" in box.value]


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("en", "Growth chart", "At a chronological age of 9 y 10 mo the bone age is 10 y 4 mo"),
        ("en", "Both routes", "Measured bones: 10 y 1 mo ("),
        ("en", "Show the work", "Metacarpal 3 (middle): "),
        ("zh", "生长曲线", "生活年龄9岁10个月时骨龄为10岁4个月"),
        ("zh", "两种方法", "骨骼测量10岁1个月（"),
        ("zh", "计算依据", "第3掌骨（中指）："),
    ],
)
def test_charts_say_their_numbers(page: AppTest, language: str, title: str, said: str) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = upload(page, "film.dcm")
    page.selectbox(key="language").set_value(language).run()
    page = open_panel(page, title, language=language)
    assert any(said in alt for alt in figures(page)), list(figures(page))


def test_growth_chart_without_an_age_says_that_it_has_none(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading(own=None)
    assert any("the bands alone" in alt for alt in figures(upload(page, "film.dcm")))


@pytest.mark.parametrize("title", ["Bones", "Both routes", "Show the work", "Details"])
def test_tables_say_what_they_are(page: AppTest, title: str) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = open_panel(upload(page, "film.dcm"), title)
    assert page.dataframe
    assert all(table.proto.alt for table in page.dataframe)


def test_the_machine_readable_result_says_so(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = open_panel(upload(page, "film.dcm"), "Details")
    assert any("as programs read it (JSON" in caption.value for caption in page.caption)
    page.selectbox(key="language").set_value("zh").run()
    page = open_panel(page, "详情", language="zh")
    assert any("供程序读取的结果（JSON" in caption.value for caption in page.caption)


def test_growth_chart_without_an_age_asks_for_it(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading(own=None)
    page = upload(page, "film.dcm")
    assert any("Give the chronological age" in box.value for box in page.info)


def test_measurement_chart_compares_with_the_table(page: AppTest) -> None:
    reading = fake_reading()
    lookup = reading.result.estimates.measurement
    assert lookup is not None
    routes = replace(reading.result.estimates, measurement=replace(lookup, reference="rsna"))
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, estimates=routes))
    page = upload(page, "film.dcm")
    page = open_panel(page, "Measurements")
    choice = next(field for field in page.selectbox if field.label == "Measurement")
    choice.set_value("metacarpal_3.length_ratio").run()
    assert (
        "Metacarpal 3 (middle): length ratio: measured 0.300; at a bone age of 10 y 4 mo the table expects"
        in words_on(page)
    )


def charts_of(page: AppTest, reading: Reading, measurement: str) -> AppTest:
    """The page with the chart of one measurement of a film."""
    FakeEstimator.by_name["film.dcm"] = reading
    page = open_panel(upload(page, "film.dcm"), "Measurements")
    assert not page.error
    choice = next(field for field in page.selectbox if field.label == "Measurement")
    return choice.set_value(measurement).run()


def test_lengths_in_millimetres_have_charts_by_bone_age_and_by_own_age(page: AppTest) -> None:
    page = charts_of(page, charted_reading(), "metacarpal_3.joint_length_mm")
    lengths = load_reference("dha_joint_mm")
    mean, sd = lengths.expected("metacarpal_3.joint_length_mm", 124.0, "F") or (0.0, 0.0)
    said = "Metacarpal 3 (middle): joint length (mm): measured 52.0 mm; at "
    assert f"{said}a bone age of 10 y 4 mo the table expects {mean:.1f} mm ± {sd:.1f} mm" in words_on(page)
    assert "scale of this table is inferred" in words_on(page)
    assert "No age is read from this measurement." not in words_on(page)
    assert "No charts of lengths" not in words_on(page)
    curve = next(field for field in page.selectbox if field.label == "Curve")
    page = curve.set_value("dha_joint_mm_chronological").run()
    assert f"{said}a chronological age of 9 y 10 mo the table expects" in words_on(page)
    (chart,) = (spec for alt, spec in figures(page).items() if alt.startswith("Growth chart of one measurement"))
    assert chart["layout"]["xaxis"]["title"]["text"] == "chronological age (years)"


def test_the_curve_by_own_age_needs_that_age(page: AppTest) -> None:
    page = charts_of(page, charted_reading(own=None), "metacarpal_3.joint_length_mm")
    assert not [field for field in page.selectbox if field.label == "Curve"]
    assert "With the chronological age there is also a curve by chronological age." in words_on(page)


@pytest.mark.parametrize(
    ("spacing", "words"),
    [(PixelSpacing(), "pixel size is not known"), (UNRELIABLE, "pixel size cannot be relied on")],
)
def test_without_a_scale_it_is_said_why_there_are_no_millimetres(
    page: AppTest, spacing: PixelSpacing, words: str
) -> None:
    page = charts_of(page, charted_reading(spacing=spacing), "metacarpal_3.fusion")
    assert f"No charts of lengths in millimetres: the film's {words}." in words_on(page)
    assert "No age is read from this measurement." in words_on(page)
    choice = next(field for field in page.selectbox if field.label == "Measurement")
    assert not [name for name in choice.options if "(mm)" in name]


def test_what_a_reader_left_out_is_charted_and_marked(page: AppTest) -> None:
    correction = ReaderCorrection(excluded=("metacarpal_3",))
    page = charts_of(page, charted_reading(reader_correction=correction), "metacarpal_3.length_ratio")
    assert "measured 0.990; at a bone age of" in words_on(page)
    assert any("a reader left this part out" in box.value for box in page.info)
    choice = next(field for field in page.selectbox if field.label == "Measurement")
    page = choice.set_value("radius.epiphysis_width_ratio").run()
    assert not [box for box in page.info if "a reader left this part out" in box.value]


def test_a_result_without_measurements_says_so(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = charted_reading(values={}, bones=())
    page = open_panel(upload(page, "film.dcm"), "Measurements")
    assert any("holds no measurement that an installed table has a curve for" in box.value for box in page.info)


def test_routes_are_beside_each_other(page: AppTest) -> None:
    FakeEstimator.by_name["film.dcm"] = fake_reading()
    page = open_panel(upload(page, "film.dcm"), "Both routes")
    routes = next(table.value for table in page.dataframe if "Route" in table.value)
    assert list(routes["Age"]) == ["10 y 1 mo", "10 y 6 mo", "10 y 4 mo"]


def test_beside_the_routes_a_grown_hand_has_its_bound(page: AppTest) -> None:
    reading = fake_reading()
    grown = BoneAge(214.0, (200.0, 228.0), "combined", bound="at_or_above", bound_months=204.0)
    FakeEstimator.by_name["film.dcm"] = replace(reading, result=replace(reading.result, bone_age=grown))
    page = open_panel(upload(page, "film.dcm"), "Both routes")
    routes = next(table.value for table in page.dataframe if "Route" in table.value)
    assert routes["Age"].iloc[-1] == "at or above 17 y 0 mo"


def test_exports_are_offered(page: AppTest) -> None:
    page = open_panel(upload(page), "Exports")
    labels = [button.label for button in page.get("download_button")]
    assert labels == [
        "PDF report",
        "JSON",
        "CSV",
        "Overlay picture",
        "Label map",
        "FHIR",
        "Text",
        "Growth chart fields",
    ]


def test_exports_hold_the_result_and_no_identifiers() -> None:
    reading = fake_reading()
    files = files_of(shown_of(reading))
    made = {label: file.make() for label, file in files.items() if label in {"JSON", "CSV", "PDF report"}}
    assert not [label for label, data in made.items() if b"Jane" in data]
    assert not [file.name for file in files.values() if "Jane" in file.name]
    assert Result.from_dict(json.loads(made["JSON"])).bone_age == reading.result.bone_age
    (row,) = csv.DictReader(io.StringIO(made["CSV"].decode()))
    assert (row["bone_age_months"], row["path"]) == ("124.0", "film-abababababab")
    assert made["PDF report"].startswith(b"%PDF")
    labels = np.asarray(Image.open(io.BytesIO(files["Label map"].make())))
    assert reading.radiograph is not None
    assert labels.shape == reading.radiograph.pixels.shape
    assert Image.open(io.BytesIO(files["Overlay picture"].make())).mode == "RGB"


def test_exports_are_in_the_language_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boneage_page.speech.current", lambda: "zh")
    files = files_of(shown_of(fake_reading()))
    assert "骨龄报告" in pdf_text(files["PDF report"].make())
    assert "95% 区间：9岁5个月至11岁3个月" in files["Text"].make().decode()
    assert "骨龄" not in files["FHIR"].make().decode()


def test_a_check_of_one_sex_says_of_which_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Check("routes_difference_months", False, if_sex="M")
    assert speech().check(check) == "routes difference months (if a boy)"
    monkeypatch.setattr("boneage_page.speech.current", lambda: "zh")
    assert speech().check(check) == "两种方法相差的月数（若为男）"


def test_identifiers_are_in_the_exports_when_asked_for() -> None:
    data = dicom_bytes(hand(), PatientBirthDate="20140531")
    shown = shown_of(fake_reading(), data=data)
    quiet, named = (files_of(shown, with_identifiers=wanted)["JSON"] for wanted in (False, True))
    assert SECRET.encode() not in quiet.make()
    assert SECRET.encode() in named.make()
    assert named.name.startswith("Jane_Roe")


def test_dicom_exports_are_offered_for_dicom_films_alone() -> None:
    dicom = set(files_of(shown_of(fake_reading(), data=dicom_bytes(hand())))) - set(files_of(shown_of(fake_reading())))
    assert dicom == {
        "DICOM structured report",
        "DICOM secondary capture",
        "DICOM encapsulated PDF",
        "DICOM segmentation",
    }


def film_of_a_child(reading: Reading) -> bytes:
    """The DICOM film of a reading; its tags name a child."""
    return to_bytes(dicom_film_of(reading, PatientBirthDate="20140531"))


@pytest.mark.parametrize("named", [False, True])
def test_dicom_exports_always_carry_the_patient_of_the_study(named: bool) -> None:
    reading = small_reading()
    files = files_of(shown_of(reading, data=film_of_a_child(reading)), with_identifiers=named)
    labels = sorted(label for label in files if label.startswith("DICOM"))
    assert len(labels) == 4
    for label in labels:
        written = dcmread(io.BytesIO(files[label].make()))
        assert (str(written.PatientName), written.PatientID) == (f"{SECRET}^Child", SECRET), label
        assert written.PatientBirthDate == "20140531", label
        assert files[label].name.startswith("Jane_Roe" if named else "film-"), label


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_beside_the_dicom_exports_that_they_carry_the_patient(page: AppTest, language: str) -> None:
    reading = small_reading()
    FakeEstimator.by_name = {"film.dcm": reading, "film.png": reading}
    told = texts(language, "export")["dicom"]
    page.session_state["language"] = language
    title = texts(language, "page")["panels"]["export"]
    page = open_panel(upload(page, "film.dcm", film_of_a_child(reading)), title, language=language)
    assert told in words_on(page)
    page = open_panel(upload(page, "film.png"), title, language=language)
    assert told not in words_on(page)


def test_a_panel_that_fails_says_so_and_nothing_of_what_it_stumbled_over(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(shown: Shown) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(flow, "PANELS", (Panel("details", fail),))
    page = upload(page)
    assert "This panel could not be shown (ValueError)." in words_on(page)
    assert "the panel details failed: ValueError at boneage_page.flow:" in caplog.text
    assert SECRET not in caplog.text + words_on(page)


def test_refused_film_has_the_exports_that_say_why() -> None:
    files = files_of(shown_of(fake_refusal()))
    assert {"PDF report", "JSON", "CSV", "Overlay picture", "FHIR", "Text"} == set(files)
    assert b"not_a_hand" in files["JSON"].make()


def test_film_that_was_let_go_keeps_the_exports_of_its_result() -> None:
    shown = shown_of(fake_reading())
    gone = Shown(Entry(replace(shown.entry.film, data=None), Header()), shown.result, None)
    assert {"JSON", "CSV", "FHIR", "Text", "Growth chart fields"} == set(files_of(gone))
