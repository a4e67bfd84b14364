"""The interactive figures: what they draw is what the result and the tables say."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from fake_reading import drawn_frame, fake_error, fake_reading, fake_refusal
from PIL import Image

from boneage.reference.rows import Sex
from boneage.reference.standards import BRUSH, GREULICH_PYLE_1959, load_standard, skeletal_age_sds
from boneage.reference.tables import load_reference
from boneage.report.figures.ages import AgeWithInterval, ages_figure, normal_curve
from boneage.report.figures.contributions import contributions_figure
from boneage.report.figures.film import LAYERS, FilmView, film_scene, layer_of, small_pictures
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.figures.measurement import measurement_chart
from boneage.report.figures.pattern import pattern_figure
from boneage.report.figures.scene import LONGEST_SIDE, Scene, Shape, film_data_uri
from boneage.report.figures.words import FigureWords
from boneage.result import AgeCurve, BoneAge, Check, PatternBone, Quality, Reading, SexAnswer


def named(figure: go.Figure) -> dict[str, go.Scatter]:
    """Traces by their name."""
    return {trace.name: trace for trace in figure.data if trace.name}


def scene_of(reading: Reading, *layers: str, words: FigureWords | None = None) -> Scene:
    """The film with these layers, which must be there; every layer where none is named."""
    view = FilmView(frozenset(layers)) if layers else FilmView()
    scene = film_scene(reading, view) if words is None else film_scene(reading, view, words=words)
    assert scene is not None
    return scene


def parts(scene: Scene) -> set[str]:
    """What is drawn on a film."""
    return {shape.part for shape in scene.shapes}


def part(scene: Scene, name: str) -> Shape:
    """The last shape of that name."""
    return [shape for shape in scene.shapes if shape.part == name][-1]


def test_film_has_every_outline_under_its_name_and_in_its_place() -> None:
    reading = fake_reading(frame=drawn_frame(degrees=20.0))
    third = part(scene_of(reading), "metacarpal_3")
    assert third.text == "Metacarpal 3 (middle)"
    assert third.fill is not None
    (bone,) = [bone for bone in reading.result.bones if bone.bone == "metacarpal_3"]
    middle = np.mean(bone.endpoints, axis=0)
    low, high = np.min(third.points, axis=0), np.max(third.points, axis=0)
    assert (low < middle).all()
    assert (middle < high).all()


def test_the_first_view_is_the_whole_film() -> None:
    reading = fake_reading()
    assert reading.radiograph is not None
    rows, columns = reading.radiograph.pixels.shape
    scene = scene_of(reading)
    assert scene.view == scene.place
    assert (scene.view.x, scene.view.y, scene.view.width, scene.view.height) == (-0.5, -0.5, columns, rows)
    assert json.loads(json.dumps(scene.as_data()))["handles"] == []


@pytest.mark.parametrize(
    ("layer", "there", "gone"),
    [
        ("shafts", "metacarpal_3", "metacarpal_3_epiphysis"),
        ("epiphyses", "metacarpal_3_epiphysis", "metacarpal_3"),
        ("carpals", "carpals", "metacarpal_3"),
        ("axes", "metacarpal_3.axis", "mcp_3.joint"),
        ("joints", "mcp_3.joint", "metacarpal_3.axis"),
    ],
)
def test_layers_of_a_film_are_shown_alone(layer: str, there: str, gone: str) -> None:
    drawn = parts(scene_of(fake_reading(), layer))
    assert there in drawn
    assert gone not in drawn


def test_place_of_a_failed_check_is_ringed_but_not_on_the_original() -> None:
    reading = fake_reading()
    metal = Check("metal_pixels", False, 90.0, 40.0, (((10.0, 20.0), (30.0, 20.0), (30.0, 40.0)),))
    marked = replace(reading, result=replace(reading.result, quality=Quality((metal,))))
    ring = part(scene_of(marked, "joints"), "metal_pixels.place")
    assert ring.points == ((10, 20), (30, 20), (30, 40), (10, 20))
    original = film_scene(marked, FilmView(frozenset()))
    assert original is not None
    assert original.shapes == ()


def test_film_without_layers_is_the_film_alone() -> None:
    scene = film_scene(fake_reading(), FilmView(frozenset()))
    assert scene is not None
    assert scene.shapes == ()
    assert scene.source.startswith("data:image/jpeg")


def test_axis_says_its_length_in_the_words_given() -> None:
    words = FigureWords(length="Länge", bone=lambda bone: f"<{bone}>")
    scene = scene_of(fake_reading(), "axes", words=words)
    assert part(scene, "metacarpal_3.axis").text.startswith("<metacarpal_3>\nLänge ")
    assert "Länge" not in part(scene, "radius.axis").text


def test_film_of_a_refusal_is_shown_and_none_of_an_unreadable_file() -> None:
    assert scene_of(fake_refusal()).shapes == ()
    assert film_scene(fake_error()) is None


def test_window_turns_grey_levels_to_black_and_white() -> None:
    pixels = np.linspace(0, 1, 400, dtype=np.float32)[None, :].repeat(300, axis=0)
    picture = _decoded(film_data_uri(pixels, (0.5, 0.75)))
    assert picture.shape == (300, 400)
    assert picture[:, :190].max() < 12
    assert picture[:, 310:].min() > 243
    assert 90 < picture[150, 250] < 165


def test_picture_for_the_browser_is_bounded() -> None:
    picture = _decoded(film_data_uri(np.random.default_rng(0).random((3000, 1500), dtype=np.float32)))
    assert picture.shape == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_small_pictures_are_small_and_show_what_was_found() -> None:
    found, plain = (
        [_decoded(uri) for uri in small_pictures(reading, (96, 640))] for reading in (fake_reading(), fake_refusal())
    )
    assert [max(picture.shape) for picture in (*found, *plain)] == [96, 640, 96, 640]
    assert np.abs(found[1].astype(int) - plain[1].astype(int)).max() > 60
    assert small_pictures(fake_error(), (96, 640)) == ("", "")


def test_every_label_has_a_layer() -> None:
    assert [layer_of(label) for label in ("radius", "radius_epiphysis", "capitate", "adductor_sesamoid")] == [
        "shafts",
        "epiphyses",
        "carpals",
        "carpals",
    ]
    assert set(LAYERS) == {"shafts", "epiphyses", "carpals", "axes", "joints"}


def test_growth_chart_has_the_bands_of_its_standard_and_the_visits() -> None:
    curve = load_standard().curves["F"]
    visits = [Visit(100.0, 90.0), Visit(118.0, 124.0, (113.0, 135.0))]
    figure = growth_chart(visits, "F")
    traces = named(figure)
    upper = np.array(traces["±2 SD"].y)
    np.testing.assert_allclose(upper, (curve.ages + 2 * curve.sds) / 12)
    present = traces["this visit"]
    assert (present.x[0], present.y[0]) == (118 / 12, 124 / 12)
    assert present.error_y.array[0] == pytest.approx(11 / 12)
    assert list(traces["earlier visits"].x) == [100 / 12]
    assert "mean of the reference's children" in traces


@pytest.mark.parametrize("standard", [BRUSH, GREULICH_PYLE_1959])
@pytest.mark.parametrize("sex", ["M", "F"])
def test_bands_of_the_growth_chart_are_the_sd_scores(standard: str, sex: Sex) -> None:
    traces = named(growth_chart([], sex, standard=standard))
    centre = traces["bone age = chronological age"]
    curve = load_standard(standard).curves[sex]
    for own in np.linspace(max(curve.ages[0], 24.0), curve.ages[-1], 23):
        for count in (1, 2):
            upper = traces[f"±{count} SD"]
            bone_age = 12 * np.interp(own / 12, upper.x, upper.y)
            assert skeletal_age_sds(bone_age, own, sex, standard=standard).sds == pytest.approx(count)
        on_centre = 12 * np.interp(own / 12, centre.x, centre.y)
        assert skeletal_age_sds(on_centre, own, sex, standard=standard).sds == pytest.approx(0.0, abs=1e-9)


def test_the_mean_that_a_standard_prints_is_a_line_of_its_own() -> None:
    curve = load_standard().curves["M"]
    line = named(growth_chart([], "M"))["mean of the reference's children"]
    np.testing.assert_allclose(line.y, curve.means / 12)
    assert line.line.dash == "dot"


def test_growth_chart_of_a_standard_without_means_has_no_such_line() -> None:
    traces = named(growth_chart([], "M", standard=GREULICH_PYLE_1959))
    assert "mean of the reference's children" not in traces
    assert "this visit" not in traces


def test_ages_show_the_posterior_itself_where_there_is_one() -> None:
    reading = fake_reading()
    (answer,) = reading.result.answers().values()
    assert answer.estimates.measurement is not None
    curve = AgeCurve((100.0, 110.0, 130.0), (0.01, 0.03, 0.0))
    lookup = replace(answer.estimates.measurement, curve=curve)
    figure = ages_figure(replace(answer, estimates=replace(answer.estimates, measurement=lookup)))
    measured = named(figure)["measured bones"]
    np.testing.assert_allclose(measured.x, np.array(curve.ages) / 12)
    np.testing.assert_allclose(measured.y, 100 * np.array(curve.density))
    assert set(named(figure)) == {"measured bones", "direct regression", "answer", "chronological age"}


GROWN = BoneAge(207.0, (191.0, 240.0), "combined", "at_or_above", 192.0)


def test_a_grown_hand_stands_at_its_bound_and_not_at_the_best_guess() -> None:
    figure = growth_chart([Visit.of(180.0, GROWN)], "M")
    point = named(figure)["this visit"]
    assert list(point.y) == [16.0]
    assert list(point.text) == ["15 y 0 mo → ≥ 16 y 0 mo"]
    (answer,) = fake_reading().result.answers().values()
    ages = [trace for trace in ages_figure(replace(answer, bone_age=GROWN)).data if trace.text]
    (bar,) = [trace for trace in ages if str(trace.text).startswith("answer")]
    assert bar.x[1] == 16.0
    assert bar.text == "answer: ≥ 16 y 0 mo<br>95 %: 15 y 11 mo – 20 y 0 mo"


def test_normal_curve_has_the_interval_and_all_of_the_probability() -> None:
    curve = normal_curve(AgeWithInterval(100.0, (80.4, 119.6)))
    assert np.trapezoid(curve.density, curve.ages) == pytest.approx(1.0, abs=0.002)
    inside = np.abs(curve.ages - 100) <= 19.6
    assert np.trapezoid(curve.density[inside], curve.ages[inside]) == pytest.approx(0.95, abs=0.02)
    assert curve.approximate


def test_ages_of_an_answer_with_nothing_is_empty() -> None:
    assert len(ages_figure(SexAnswer(None)).data) == 0


def test_pattern_keeps_the_order_of_the_bones_and_flags() -> None:
    profile = [PatternBone("distal_phalanx_1", -2.0, -2.6, True), PatternBone("metacarpal_1", 0.1, 0.4, False)]
    trace = pattern_figure(profile).data[-1]
    assert list(trace.x) == ["Metacarpal 1 (thumb)", "Distal phalanx 1 (thumb)"]
    assert list(trace.y) == [0.4, -2.6]
    assert list(trace.marker.symbol) == ["circle", "diamond"]


def test_contributions_are_bars_with_the_heaviest_at_the_top() -> None:
    lookup = fake_reading().result.estimates.measurement
    assert lookup is not None
    (bars,) = contributions_figure(lookup, count=2).data
    assert list(bars.x) == [30.0, 50.0]
    assert bars.y[-1] == "Radius epiphysis: length ratio"


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.1)."""
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_what_stands_in_a_bar_can_be_read() -> None:
    lookup = fake_reading().result.estimates.measurement
    assert lookup is not None
    far = replace(lookup, contributions=tuple(replace(part, z=9.0) for part in lookup.contributions))
    grounds = set()
    for each in (lookup, far):
        (bars,) = contributions_figure(each).data
        for ground, ink in zip(bars.marker.color, bars.insidetextfont.color, strict=True):
            dark, light = sorted((luminance(ground), luminance(ink)))
            assert (light + 0.05) / (dark + 0.05) >= 4.5
            grounds.add(ground)
    assert len(grounds) == 2


def test_measurement_chart_is_drawn_from_its_table() -> None:
    table = load_reference()
    name = "metacarpal_3.length_ratio"
    figure = measurement_chart(table, name, "F", child=(120.0, 0.5))
    assert figure is not None
    traces = named(figure)
    expected = table.expected(name, 120.0, "F")
    assert expected is not None
    assert np.interp(10.0, traces["mean"].x, traces["mean"].y) == pytest.approx(expected[0])
    assert np.interp(10.0, traces["±2 SD"].x, traces["±2 SD"].y) == pytest.approx(expected[0] + 2 * expected[1])
    assert (traces["this child"].x[0], traces["this child"].y[0]) == (10.0, 0.5)
    assert "bone age" in figure.layout.xaxis.title.text


def test_measurement_chart_has_the_earlier_visits_and_the_axis_of_its_table() -> None:
    table = load_reference("dha_joint_mm_chronological")
    figure = measurement_chart(
        table, "metacarpal_3.joint_length_mm", "F", child=(144.0, 57.0), earlier=[(120.0, 50.0), (132.0, 53.5)]
    )
    assert figure is not None
    traces = named(figure)
    assert list(zip(traces["earlier visits"].x, traces["earlier visits"].y, strict=True)) == [
        (10.0, 50.0),
        (11.0, 53.5),
    ]
    assert list(traces["this child"].x) == [12.0]
    assert figure.layout.xaxis.title.text == "chronological age (years)"
    assert figure.layout.yaxis.title.text == "Metacarpal 3 (middle): joint length (mm)"


def test_measurement_that_a_table_lacks_has_no_chart() -> None:
    assert measurement_chart(load_reference(), "metacarpal_3.weight_kg", "F") is None


def _decoded(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))))


def test_a_readers_age_is_a_point_of_its_own_without_an_interval_and_the_other_is_named_automatic() -> None:
    visit, reader = Visit(138.0, 144.0, (130.0, 158.0)), Visit(138.0, 240.0)
    figure = growth_chart([visit], "M", reader=reader)
    traces = {trace.name: trace for trace in figure.data if trace.name}
    point = traces["set by the reader"]
    assert (list(point.x), list(point.y)) == ([11.5], [20.0])
    assert point.error_y.array is None
    assert point.text == "set by the reader: 11 y 6 mo → 20 y 0 mo"
    assert list(traces["automatic, this visit"].y) == [12.0]
    assert "this visit" not in traces
    low, high = figure.layout.yaxis.range
    assert low < 20.0 < high
    assert "set by the reader" not in {trace.name for trace in growth_chart([visit], "M").data}
    alone = growth_chart([], "M", reader=reader)  # the program refused the film
    assert "set by the reader" in {trace.name for trace in alone.data}
