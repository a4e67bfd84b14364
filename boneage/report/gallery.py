"""Contact sheets: the tiles of many films, side by side on as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from boneage.errors import UsageError
from boneage.outputs import make_folder, write_whole
from boneage.report.overlay import png_bytes
from boneage.report.palette import PAPER
from boneage.report.tiles import GalleryFilm, TileStyle, draw_tile

if TYPE_CHECKING:
    from PIL.Image import Image

GUTTER: Final = 6
"""Pixels between two tiles."""


@dataclass(frozen=True)
class SheetLayout:
    """Columns and rows of tiles on a page, and how a tile is drawn.

    Raises
    ------
    UsageError
        With code ``bad_sheet`` where a page would hold no tile.
    """

    columns: int = 5
    rows: int = 4
    tile: TileStyle = field(default_factory=TileStyle)

    def __post_init__(self) -> None:
        if self.columns < 1 or self.rows < 1 or self.tile.side < 32:
            msg = f"a page of {self.columns} by {self.rows} tiles of {self.tile.side} pixels shows nothing"
            raise UsageError("bad_sheet", msg, remedy="at least one column and one row, and tiles of 32 pixels or more")


def sheets(films: Iterable[GalleryFilm], layout: SheetLayout) -> Iterator[Image]:
    """Draw the pages, one after the other, so that only one page of films need be in memory."""
    tiles = (draw_tile(film, layout.tile) for film in films)
    for page in _pages(tiles, layout.columns * layout.rows):
        yield _sheet(page, layout)


def _pages(tiles: Iterable[Image], size: int) -> Iterator[Sequence[Image]]:
    page: list[Image] = []
    for tile in tiles:
        page.append(tile)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def _sheet(tiles: Sequence[Image], layout: SheetLayout) -> Image:
    """Put the tiles of one page together; a row is as high as its highest tile."""
    from PIL import Image as Images

    rows = [tiles[start : start + layout.columns] for start in range(0, len(tiles), layout.columns)]
    heights = [max(tile.height for tile in row) for row in rows]
    width = min(layout.columns, len(tiles)) * (layout.tile.side + GUTTER) - GUTTER
    sheet = Images.new("RGB", (width, sum(heights) + GUTTER * (len(rows) - 1)), PAPER)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, tile in enumerate(row):
            sheet.paste(tile, (column * (layout.tile.side + GUTTER), top))
        top += height + GUTTER
    return sheet


def pages_of(films: int, layout: SheetLayout) -> int:
    """Return the number of pages that so many films need.

    Examples
    --------
    >>> pages_of(21, SheetLayout(columns=5, rows=4))
    2
    """
    return -(-films // (layout.columns * layout.rows))


def page_files(output: Path, pages: int) -> tuple[Path, ...]:
    """Return the files of the pages: ``output`` itself where there is one page, else ``<stem>_1.png`` and so on."""
    if pages == 1:
        return (output,)
    return tuple(output.with_name(f"{output.stem}_{number}{output.suffix or '.png'}") for number in range(1, pages + 1))


def write_gallery(films: Iterable[GalleryFilm], layout: SheetLayout, files: Sequence[Path]) -> None:
    """Draw the films and write each page to its file.

    Raises
    ------
    OutputError
        If a page cannot be written.
    """
    for folder in {path.parent for path in files}:
        make_folder(folder)
    for path, sheet in zip(files, sheets(films, layout), strict=True):
        write_whole(path, png_bytes(sheet))
