"""One tubular bone: its axis, its two lengths, its widths, and its epiphysis."""

from __future__ import annotations

from boneage.measurement.phantom import DrawnBone
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.scene import Scene, draw_axis, draw_outlines, px, scene_of

BONE = DrawnBone(
    "proximal_phalanx_3",
    base=(50.0, 90.0),
    direction=0.0,
    shaft_length=236.0,
    width=84.0,
    epiphysis_width=88.0,
    epiphysis_height=32.0,
    gap=13.0,
    shape="capsule",
)


def scene() -> Scene:
    """The bone, lying with its growth plate to the left."""
    return scene_of([BONE], shape=(180, 400))


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    bone = found.bones[BONE.bone]
    (x0, y), (x1, _) = bone.endpoints
    (plate, _), (far, _) = bone.shaft_endpoints
    canvas = Canvas(
        900,
        430,
        "Measurements of a tubular bone",
        "A proximal phalanx with its epiphysis. Arrows show length, shaft length, mid-shaft width, metaphysis width, "
        "epiphysis width, epiphysis height and gap.",
        scale=2.1,
        shift=(60.0, 5.0),
    )
    length = bone.shaft_length_px
    draw_outlines(canvas, found)
    canvas.rectangle((plate + 0.4 * length, y - 29), (plate + 0.6 * length, y + 29), "band")
    draw_axis(canvas, bone)
    canvas.dimension((x0, y), (x1, y), name="length_px", value=bone.length_px, aside=(0.0, -125.0))
    canvas.words(
        (canvas.place(((x0 + x1) / 2, y))[0], canvas.place((x0, y))[1] - 132),
        f"length {px(bone.length_px)}",
        anchor="middle",
    )
    canvas.dimension((plate, y), (far, y), name="shaft_length_px", value=length, aside=(0.0, 125.0))
    middle = canvas.place(((plate + far) / 2, y))
    canvas.words((middle[0], middle[1] + 144), f"shaft length {px(length)}", anchor="middle")
    half = bone.width_px / 2
    centre = plate + length / 2
    canvas.dimension((centre, y - half), (centre, y + half), name="width_px", value=bone.width_px)
    canvas.words((middle[0] + 8, middle[1] - 16), f"mid-shaft width {px(bone.width_px)}")
    canvas.words((middle[0] + 8, middle[1] + 26), "(mean over the middle fifth)", style="quiet")
    _plate_end(canvas, found)
    canvas.words(
        (20, 412), "Blue: shaft label. Amber: epiphysis label. Dash-dotted: long axis of the shaft.", style="quiet"
    )
    return canvas.svg()


def _plate_end(canvas: Canvas, found: Scene) -> None:
    """Draw what lies about the growth plate."""
    bone = found.bones[BONE.bone]
    (x0, y), _ = bone.endpoints
    plate = bone.shaft_endpoints[0][0]
    half = bone.metaphysis_width_px / 2
    at = plate + 0.12 * bone.shaft_length_px
    canvas.dimension((at, y - half), (at, y + half), name="metaphysis_width_px", value=bone.metaphysis_width_px)
    x, level = canvas.place((at, y))
    canvas.words((x + 8, level - 40), "metaphysis width")
    canvas.words((x + 8, level - 22), px(bone.metaphysis_width_px), style="number")
    half = bone.epiphysis_width_px / 2
    middle = x0 + bone.epiphysis_height_px / 2
    canvas.dimension(
        (middle, y - half),
        (middle, y + half),
        name="epiphysis_width_px",
        value=bone.epiphysis_width_px,
        aside=(-70.0, 0.0),
    )
    x, level = canvas.place((middle, y))
    canvas.words((x - 78, level), f"epiphysis width {px(bone.epiphysis_width_px)}", anchor="middle", turned=-90)
    inner = _inner_surface(found)
    near = inner - bone.epiphysis_height_px
    for name, words, start, end, drop in (
        ("epiphysis_height_px", "epiphysis height", near, inner, 172.0),
        ("gap_px", "gap", inner, inner + bone.gap_px, 145.0),
    ):
        value = getattr(bone, name)
        canvas.dimension((start, y), (end, y), name=name, value=value, aside=(0.0, drop))
        x, level = canvas.place((end, y))
        canvas.words((x + 22, level + drop + 5), f"{words} {px(value)}")


def _inner_surface(found: Scene) -> float:
    """Mean position along the bone of the epiphysis's surface towards the shaft, over the central half."""
    bone = found.bones[BONE.bone]
    return bone.shaft_endpoints[0][0] - bone.gap_px
