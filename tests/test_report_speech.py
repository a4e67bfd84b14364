"""What the package says in a language: each of its own names, checks and messages has words there."""

from __future__ import annotations

import re

import pytest

from boneage.anatomy import BONES, JOINTS, LABELS
from boneage.errors import UsageError
from boneage.quality.registry import all_checks
from boneage.reference.tables import load_reference
from boneage.report.identifiers import Patient
from boneage.report.speech import ENGLISH, Speech, speech_in
from boneage.result import Check, Chronological, HandLengths, Reason
from boneage.texts import DEFAULT, TEXTS

OTHERS = [name for name in TEXTS.languages if name != DEFAULT]
CHINESE = Speech("zh")


@pytest.mark.parametrize("name", OTHERS)
def test_every_name_of_the_hand_has_words_of_its_own(name: str) -> None:
    speech = Speech(name)
    for words, names in ((speech.bone, BONES), (speech.label, LABELS.values()), (speech.joint, JOINTS)):
        said = [words(one) for one in names]
        assert len(set(said)) == len(said)
        assert not [text for text in said if re.search(r"[A-Za-z_]", text)]


@pytest.mark.parametrize("name", OTHERS)
def test_every_measurement_of_the_table_has_words_of_its_own(name: str) -> None:
    said = {one: Speech(name).measurement(one) for one in load_reference().measurements}
    assert [one for one, text in said.items() if re.search(r"[A-Za-z_]{2,}", text)] == []
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("name", OTHERS)
def test_every_quality_check_has_words(name: str) -> None:
    words = TEXTS.texts(name)["package"]
    assert {check.name for check in all_checks()} <= set(words["checks"])
    assert {check.code for check in all_checks()} <= set(words["codes"])


def test_a_check_of_one_sex_says_of_which() -> None:
    check = Check("routes_difference_months", False, 60.0, 40.0, if_sex="F")
    assert CHINESE.check(check) == "两种方法相差的月数（若为女）"
    assert ENGLISH.check(check) == "routes difference months (if a girl)"
    assert CHINESE.check(Check("routes_difference_months", True)) == "两种方法相差的月数"


def test_a_remark_of_one_sex_says_of_which() -> None:
    english = "if a girl: the measurements lie further from the usual than 99.5 % of the training films"
    assert CHINESE.message(Reason("unlike_training", english)) == "若为女：此手的测量值比 99.5% 的训练片更偏离一般"
    assert ENGLISH.message(Reason("unlike_training", english)) == english


def test_what_stops_both_answers_says_of_each() -> None:
    english = "measured {} months, regressed 100 months: {} apart, more than the 45 that are explained"
    both = f"if a boy: {english.format(30, 70)}; if a girl: {english.format(40, 60)}"
    said = CHINESE.message(Reason("routes_disagree", both))
    assert said == (
        "若为男：骨骼测量为 30 个月，直接回归为 100 个月：相差 70 个月，超过可解释的 45 个月；"
        "若为女：骨骼测量为 40 个月，直接回归为 100 个月：相差 60 个月，超过可解释的 45 个月"
    )


def test_names_in_brackets_are_not_said_twice() -> None:
    joints, bones = ["tip_1", "tip_2"], ["distal_phalanx_1", "distal_phalanx_2"]
    english = f"the film cuts the hand off at: {', '.join(joints)} (bones: {', '.join(bones)})"
    said = CHINESE.message(Reason("cut_off", english))
    assert said == "手在以下部位被片缘截断：第1指尖（拇指）、第2指尖（示指）"


def test_too_few_bones_left_are_told() -> None:
    english = "fewer than 5 of the 19 tubular bones are left to read an age from"
    reason = Reason("too_little_left", english, "leave out fewer bones, or settle on an age yourself")
    assert CHINESE.message(reason) == "手部 19 块管状骨中剩下的不足 5 块，不足以读出骨龄"
    assert CHINESE.remedy(reason) == "请少排除几块骨，或自行给出最终骨龄"


def test_why_there_is_no_score_of_the_lengths() -> None:
    lengths = HandLengths(message="no length scores: the sex of the child is not known; something new")
    assert CHINESE.length_remark(lengths) == "无骨长评分：性别未知；something new"
    assert ENGLISH.length_remark(lengths) == lengths.message


def test_whose_film_it_is() -> None:
    patient = Patient("王小东", "17", "2014-05-31", "2025-11-17")
    assert CHINESE.patient(patient) == "王小东，编号 17，出生日期 2014-05-31，拍片日期 2025-11-17"
    assert ENGLISH.patient(patient) == patient.words
    assert CHINESE.patient(Patient()) == ""


def test_a_language_without_reports_is_refused() -> None:
    assert speech_in("zh") == CHINESE
    with pytest.raises(UsageError) as refused:
        speech_in("xx")
    assert refused.value.code == "unknown_language"


@pytest.mark.parametrize(
    ("own", "english", "chinese"),
    [
        (
            Chronological(138.0, 7.0, 0.7, "B"),
            "Usual: 7 mo ahead of chronological age, within 2 SD.",
            "正常范围：骨龄比生活年龄超前7个月，在 2 SD 以内。",
        ),
        (
            Chronological(138.0, -30.0, -2.4, "B"),
            "Delayed: 2 y 6 mo behind chronological age, more than 2 SD.",
            "落后：骨龄比生活年龄落后2岁6个月，超过 2 SD。",
        ),
        (
            Chronological(138.0, 42.0, 3.5, "B", at_least=True),
            "Advanced: at least 3 y 6 mo ahead of chronological age, more than 2 SD.",
            "超前：骨龄至少比生活年龄超前3岁6个月，超过 2 SD。",
        ),
        (
            Chronological(138.0, 0.2, 0.0, "B"),
            "Usual: same as chronological age, within 2 SD.",
            "正常范围：骨龄与生活年龄相同，在 2 SD 以内。",
        ),
        (
            Chronological(230.0, -7.0, None, "B"),
            "7 mo behind chronological age. Not scored: the reference has no standard deviation for this age.",
            "骨龄比生活年龄落后7个月。无评分：参考标准在此年龄没有标准差。",
        ),
        (
            Chronological(230.0, at_least=True),
            "No verdict: of a grown hand it is known only how old it is at least.",
            "不作判定：手已近成熟，只能知道骨龄至少为多少。",
        ),
        (
            Chronological(10.0, 9.0, 5.3, "B", doubt="interval"),
            "9 mo ahead of chronological age. No verdict: beyond 2 SD of the reference, but the reading may be out by "
            "as much: its 95 % interval holds the chronological age.",
            "骨龄比生活年龄超前9个月。不作判定：超出参考标准的 2 SD，但读片误差可能同样大："
            "骨龄的 95% 区间包含生活年龄。",
        ),
        (
            Chronological(120.0, 24.0, 2.4, "B", in_whole_years=True, doubt="whole_years"),
            "2 y 0 mo ahead of chronological age. No verdict: it hangs on the months of the chronological age, which "
            "is known in whole years alone.",
            "骨龄比生活年龄超前2岁0个月。不作判定：结果取决于生活年龄的月数，而已知的仅为整岁。",
        ),
    ],
)
def test_verdict_and_difference_are_one_line(own: Chronological, english: str, chinese: str) -> None:
    assert (Speech("en").verdict_line(own), Speech("zh").verdict_line(own)) == (english, chinese)
