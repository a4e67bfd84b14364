"""The hand scale: what each of eight bones says of the size of the hand."""

from __future__ import annotations

from boneage.measurement.scale import TYPICAL_SHARES
from boneage.report.drawings.canvas import Canvas
from boneage.report.drawings.carpals import scene
from boneage.report.drawings.scene import draw_axis, draw_outlines, px


def estimates() -> dict[str, float]:
    """Return what each bone says: its length over its typical share, in pixels."""
    bones = scene().bones
    return {name: bones[name].length_px / share for name, share in TYPICAL_SHARES.items()}


def draw() -> str:
    """Return the drawing as SVG."""
    found = scene()
    canvas = Canvas(
        900,
        560,
        "The hand scale",
        "A drawn hand. The lengths of metacarpals and proximal phalanges 2 to 5 give the hand scale.",
        scale=1.22,
        origin=(20.0, 88.0),
        shift=(10.0, 10.0),
    )
    others = {bone.bone for bone in found.measured.bones} - set(TYPICAL_SHARES)
    faint = others | {f"{bone}_epiphysis" for bone in others} | set(found.bone_map.joints) | _carpals()
    draw_outlines(canvas, found, faint=frozenset(faint))
    for name in TYPICAL_SHARES:
        bone = found.bones[name]
        draw_axis(canvas, bone, beyond=0.0)
        canvas.dimension(*bone.endpoints, name=f"{name}.length_px", value=bone.length_px)
    canvas.words((480, 50), "bone")
    for x, words in ((690, "length"), (790, "typical share"), (870, "says S =")):
        canvas.words((x, 50), words, anchor="end")
    said = estimates()
    kept = sorted(said, key=lambda name: said[name])[len(said) // 4 : len(said) - len(said) // 4]
    for place, name in enumerate(TYPICAL_SHARES):
        top = 80 + 26 * place
        style = "words" if name in kept else "quiet"
        canvas.words((480, top), name.replace("_", " "), style=style)
        canvas.words((690, top), f"{found.bones[name].length_px:.1f}", style=style, anchor="end")
        canvas.words((790, top), f"{TYPICAL_SHARES[name]:.3f}", style=style, anchor="end")
        canvas.words((870, top), f"{said[name]:.1f}", style="number" if name in kept else "quiet", anchor="end")
    canvas.words((480, 310), "hand scale S, the geometric mean of the middle four:")
    canvas.words((870, 334), px(found.measured.hand_scale_px), style="number", anchor="end")
    canvas.words((480, 364), "Grey numbers: the highest and the lowest quarter,", style="quiet")
    canvas.words((480, 382), "which are left out. In the drawn hand they are far apart", style="quiet")
    canvas.words((480, 400), "because its bones have round sizes.", style="quiet")
    return canvas.svg()


def _carpals() -> set[str]:
    from boneage.anatomy import CARPALS

    return {*CARPALS, "carpals"}
