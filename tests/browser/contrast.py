"""Contrast of what stands on the page, after WCAG 2.1 (1.4.3, 1.4.11), from the colours that the browser computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from page_driver import Page

TEXT: Final = 4.5
"""Least ratio of text."""

LARGE: Final = 3.0
"""Least ratio of large text (24 px, or 18.66 px and bold) and of icons."""

_FOUND: Final = """
const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = colour => {
  pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = (top, below) => {
  const a = top[3] + below[3] * (1 - top[3]);
  return a ? [0, 1, 2].map(i => (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / a).concat(a) : [0, 0, 0, 0];
};
const light = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ratio = (one, other) => {
  const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
};
const ancestors = function* (element) { for (let e = element; e; e = e.parentElement) yield e; };
const colours = (element, ink) => {
  let behind = [0, 0, 0, 0], opacity = 1;
  for (const e of ancestors(element)) {
    const style = getComputedStyle(e);
    behind = over(behind, rgba(style.backgroundColor));
    opacity *= Number(style.opacity);
  }
  const paper = over(behind, [255, 255, 255, 1]);
  const [r, g, b, a] = rgba(ink);
  return [over([r, g, b, a * opacity], paper), paper];
};
const off = element => element.closest(
  '[disabled], [aria-disabled=true], [aria-hidden=true] svg, [data-stale=true], svg.film, label:has(:disabled)');
const found = [];
const weigh = (element, words, ink) => {
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const bar = element.matches('.bartext') && element.closest('.point')?.querySelector('path');
  let [text, paper] = colours(element, ink);
  if (bar && element.classList.contains('bartext-inside')) {
    const fill = getComputedStyle(bar), [r, g, b, a] = rgba(fill.fill);
    paper = over([r, g, b, a * Number(fill.fillOpacity) * Number(fill.opacity)], paper);
    text = over(rgba(ink), paper);
  }
  const icon = !!element.closest('[data-testid=stIconMaterial]');
  const large = icon || size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  found.push([words.trim().slice(0, 60), ratio(text, paper), large, text.map(Math.round), paper.map(Math.round)]);
};
const walker = document.createTreeWalker(document.querySelector('[data-testid=stApp]'), NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) {
  const element = node.parentElement;
  if (!node.data.trim() || ['STYLE', 'SCRIPT', 'TITLE'].includes(element.tagName) || off(element)) continue;
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || [...ancestors(element)].some(
    e => getComputedStyle(e).opacity === '0' || getComputedStyle(e).display === 'none')) continue;
  weigh(element, node.data, element instanceof SVGElement ? style.fill : style.color);
}
for (const field of document.querySelectorAll('input[placeholder], textarea[placeholder]')) {
  if (field.placeholder && !off(field) && field.getClientRects().length) {
    weigh(field, field.placeholder, getComputedStyle(field, '::placeholder').color);
  }
}
return found;
"""


@dataclass(frozen=True)
class Seen:
    """Words on the page with the ratio of their colour to what is behind them."""

    words: str
    ratio: float
    large: bool
    ink: tuple[int, ...]
    paper: tuple[int, ...]

    @property
    def faint(self) -> bool:
        """Whether they fall under what they need."""
        return self.ratio < (LARGE if self.large else TEXT)


def contrasts(page: Page) -> list[Seen]:
    """Every text, icon and placeholder that is seen and works; not those over the film, which have their own edge."""
    found = page.driver.execute_script(_FOUND)
    return [Seen(words, ratio, large, tuple(ink), tuple(paper)) for words, ratio, large, ink, paper in found]


def faint(page: Page) -> set[Seen]:
    """Those that fall under what they need."""
    return {seen for seen in contrasts(page) if seen.faint}
