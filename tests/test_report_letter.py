"""The paragraph to paste, in a language."""

from __future__ import annotations

from dataclasses import replace

from fake_reading import fake_reading, fake_refusal, fake_unknown_sex, settled

from boneage.report.letter import letter
from boneage.report.speech import ENGLISH, Speech
from boneage.report.wording import paragraph
from boneage.result import BoneAge
from boneage.result.correction import ReaderCorrection

CHINESE = Speech("zh")


def test_english_is_the_paragraph_of_the_package() -> None:
    for reading in (fake_reading(), fake_unknown_sex(), fake_refusal()):
        assert letter(reading.result, ENGLISH) == paragraph(reading.result)


def test_chinese_says_the_answer_and_what_it_rests_on() -> None:
    said = letter(fake_reading().result, CHINESE)
    assert said.startswith("骨龄10岁4个月（95% 区间：9岁5个月至11岁3个月）。方法：骨骼测量与回归结合；")
    assert "骨骼测量10岁1个月（参考表 rsna-train）；直接回归10岁6个月。" in said
    assert "生活年龄9岁10个月，骨龄比生活年龄超前6个月，标准差评分 +0.6（Brush Foundation）。" in said
    assert said.endswith("由 boneage 0.0.1 计算。仅供研究使用，不是医疗器械；每个结果都须由临床医生审核。")


def test_chinese_names_the_sex_of_each_answer() -> None:
    said = letter(fake_unknown_sex().result, CHINESE)
    assert "若为男：骨龄11岁8个月" in said
    assert "若为女：骨龄10岁4个月" in said


def test_chinese_says_why_there_is_no_answer() -> None:
    said = letter(fake_refusal().result, CHINESE)
    assert said.startswith("未读出骨龄：图像看起来不是一只手的正位X线片。建议：")


def test_a_bound_and_the_age_of_a_reader() -> None:
    grown = BoneAge(210.0, (190.0, 228.0), "combined", "at_or_above", 186.0)
    changed = ReaderCorrection(final_months=130.0, comment="戴戒指", reader="李医生")
    said = letter(replace(fake_reading().result, bone_age=grown, reader_correction=changed), CHINESE)
    assert said.startswith("阅片者（李医生）最终骨龄：10岁10个月（130.0 个月）。阅片者（李医生）备注：戴戒指。")
    assert "骨龄不低于15岁6个月" in said


def test_chinese_holds_the_readers_age_against_the_childs_own_and_names_the_automatic() -> None:
    said = letter(settled(fake_reading()).result, CHINESE)
    assert said.startswith("阅片者（AB）最终骨龄：15岁0个月（180.0 个月）。阅片者骨龄：生活年龄9岁10个月，")
    assert "标准差评分 +5.2（Brush Foundation）。超前：" in said
    assert "自动结果：骨龄10岁4个月（95% 区间" in said
    assert "自动结果：若为男：骨龄11岁8个月" in letter(settled(fake_unknown_sex()).result, CHINESE)
    assert letter(settled(fake_reading()).result, ENGLISH) == paragraph(settled(fake_reading()).result)
