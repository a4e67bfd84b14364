"""The PDF report in Chinese: the numbers are those of the JSON, and another program reads the characters."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from fake_reading import fake_error, fake_refusal, fake_unknown_sex
from report_material import material, pdf_text
from test_report_pdf import furnished, read_elsewhere

from boneage.report.identifiers import Patient
from boneage.report.pdf import write_pdf
from boneage.report.speech import Speech
from boneage.report.wording import signed
from boneage.result import Check, Quality, Reading, Reason

CHINESE = Speech("zh")
NUMBER = re.compile(r"[+−]?\d+(?:\.\d+)?")


def chinese(reading: Reading, patient: Patient | None = None) -> bytes:
    """The report of a reading in Chinese."""
    told = material(reading, with_identifiers=patient is not None)
    return write_pdf(replace(told, speech=CHINESE, patient=patient))


def close(text: str) -> str:
    """Without spaces, for a line of Chinese may be broken anywhere."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def report() -> bytes:
    """The report of `furnished`."""
    return chinese(furnished())


def test_the_first_page_holds_the_numbers_of_the_json(report: bytes) -> None:
    first = close(pypdf.PdfReader(io.BytesIO(report)).pages[0].extract_text())
    data = furnished().result.to_dict()
    age, lookup, own = data["bone_age"], data["estimates"]["measurement"], data["chronological"]
    direct = data["estimates"]["regression"]
    low, high = age["interval_95"]
    said = [
        f"骨龄{CHINESE.age(age['months'])}",
        f"95%区间：{CHINESE.interval((low, high))}",
        f"{age['months']:.1f}个月（95%：{low:.1f}至{high:.1f}）",
        f"骨骼测量{CHINESE.age(lookup['months'])}{CHINESE.interval(tuple(lookup['interval_95']))}",
        f"直接回归{CHINESE.age(direct['months'])}{CHINESE.interval(tuple(direct['interval_95']))}",
        f"生活年龄{CHINESE.age(own['months'])}，骨龄比生活年龄超前6个月，标准差评分{signed(own['sds'])}",
        f"与生活年龄{own['months']:.1f}个月之差：{signed(own['difference_months'])}个月",
        "正常范围：骨龄与生活年龄相差在2SD以内",
        "仅供研究使用，不是医疗器械",
    ]
    assert [words for words in said if close(words) not in first] == []


def test_every_bone_has_the_numbers_of_the_json(report: bytes) -> None:
    result = furnished().result
    text, lookup = close(pdf_text(report)), result.estimates.measurement
    assert lookup is not None
    alone = {age.bone: age for age in lookup.bone_ages}
    missing = []
    for bone in result.bones:
        age = alone[bone.bone]
        cells = [CHINESE.bone(bone.bone)]
        cells += ["被截断"] if bone.partial else [f"{bone.length_px:.1f}", f"{bone.length_mm or 0:.1f}"]
        cells += [f"{bone.width_px or 0:.1f}", f"{bone.epiphysis_width_px or 0:.1f}"]
        cells += [] if bone.z is None else [signed(bone.z)]
        cells += [CHINESE.age(age.months), CHINESE.interval(age.interval_95)]
        missing += [] if close("".join(cells)) in text else [cells]
    assert missing == []
    for part in lookup.contributions:
        name = CHINESE.measurement(part.measurement)
        row = f"{name}{part.value:.3f}{part.expected:.3f}{signed(part.z)}{100 * part.weight:.1f}%"
        assert close(row) in text


def test_both_languages_hold_the_same_numbers(report: bytes) -> None:
    """Ages of bones and intervals, sizes, scores: each as often, whatever stands around them."""

    def numbers(content: bytes) -> list[str]:
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages[1:])
        return sorted(number for number in NUMBER.findall(text) if "." in number)

    assert numbers(report) == numbers(write_pdf(material(furnished())))


def test_no_english_is_left_but_names(report: bytes) -> None:
    result = furnished().result
    reading = Reading(replace(result, reasons=()), furnished().radiograph, furnished().bone_map)
    text = pdf_text(chinese(reading))
    allowed = {"boneage", "film", "SHA", "PNG", "UTC", "Brush", "Foundation", "Greulich", "Pyle", "rsna", "train",
               "user", "segmentation", "hand", "found"}  # fmt: skip
    words = {word for word in re.findall(r"[A-Za-z]{3,}", text) if not re.fullmatch(r"(?:ab|cd)+", word)}
    assert words <= allowed, words - allowed


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_another_reader_reads_name_and_age(tmp_path: Path) -> None:
    text = close(read_elsewhere(chinese(furnished(), Patient("王小东", "门诊17", "2014-05-31")), tmp_path))
    assert "患儿：王小东，编号门诊17，出生日期2014-05-31" in text
    assert "骨龄10岁4个月" in text
    assert "第3掌骨（中指）" in text


def test_what_holds_for_one_sex_says_for_which() -> None:
    reading = fake_unknown_sex()
    reason = Reason("unlike_training", "if a boy: further off than 99.5 % of the films", "look at it", "warning")
    quality = Quality((Check("routes_difference_months", False, 60.0, 40.0, if_sex="M"),))
    changed = replace(reading.result, reasons=(reason,), quality=quality)
    text = close(pdf_text(chinese(Reading(changed, reading.radiograph, reading.bone_map))))
    assert "若为男骨龄11岁8个月" in text
    assert "若为女骨龄10岁4个月" in text
    assert "未通过：两种方法相差的月数（若为男）" in text
    assert "警告：若为男：此手的测量值比99.5%的训练片更偏离一般" in text


def test_a_refusal_says_why() -> None:
    assert "已拒绝：未读出骨龄图像看起来不是一只手的正位X线片[not_a_hand]建议：" in close(
        pdf_text(chinese(fake_refusal()))
    )
    assert "无骨龄结果：无法读取此片" in close(pdf_text(chinese(fake_error())))


def test_title_and_language_are_said_in_the_document(report: bytes) -> None:
    document = pypdf.PdfReader(io.BytesIO(report))
    assert document.metadata is not None
    assert document.metadata.title == "骨龄报告"
    assert document.trailer["/Root"]["/Lang"] == "zh-Hans"
    for number, page in enumerate(document.pages, start=1):
        assert close(f"第{number}页，共{len(document.pages)}页") in close(page.extract_text())
