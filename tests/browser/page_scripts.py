"""What the page is asked in its own language: scripts that `page_driver` runs in the browser."""

from __future__ import annotations

from typing import Final

STATE: Final = """
const fresh = element => !element.closest('[data-stale=true]') && element.getClientRects().length > 0;
const all = (id) => [...document.querySelectorAll(`[data-testid=${id}]`)].filter(fresh);
const words = element => element.innerText.replace(/\\s+/g, ' ').trim();
const root = document.querySelector('[data-testid=stApp]');
const running = !root || root.getAttribute('data-test-script-state') !== 'notRunning';
return {
  metrics: Object.fromEntries(all('stMetric').map(metric => [
    words(metric.querySelector('[data-testid=stMetricLabel]')),
    words(metric.querySelector('[data-testid=stMetricValue]')),
  ])),
  alerts: all('stAlert').map(words),
  busy: running || all('stSpinner').length > 0 || document.querySelectorAll('[data-stale=true]').length > 0,
  crashed: all('stException').length > 0,
  rows: [...document.querySelectorAll('[data-testid=stDataFrame] [role=row]')].map(
    row => [...row.querySelectorAll('[role=columnheader],[role=gridcell]')].map(cell => cell.textContent)),
  text: root ? words(root) : '',
};
"""
"""What stands on the page, as the fields of `page_driver.State`."""

WORKING: Final = """
const root = document.querySelector('[data-testid=stApp]');
return !root || root.getAttribute('data-test-script-state') !== 'notRunning';
"""
"""Whether the page is at work: asked often, since it costs nearly nothing, where `STATE` has the page laid out anew."""

OPEN: Final = """
const open = document.querySelector('[role=tab][aria-selected=true]');
const panel = open && document.getElementById(open.getAttribute('aria-controls'));
return !!panel && open.innerText.trim() === arguments[0] && !!panel.querySelector('[data-testid=stElementContainer]');
"""
"""Whether the panel named by its argument is the open one and has something in it."""

BOTTOM: Final = """
const walker = document.createTreeWalker(document.querySelector('.st-key-answer'), NodeFilter.SHOW_TEXT);
const range = document.createRange();
for (let node; (node = walker.nextNode());) {
  if (!node.data.includes(arguments[0]) || node.parentElement.closest('[data-stale=true]')) continue;
  range.selectNodeContents(node);
  if (range.getClientRects().length) return range.getBoundingClientRect().bottom;
}
throw new Error(`nothing says ${arguments[0]}`);
"""
"""How far down the answer ends what holds the argument, in pixels of the window."""

CUT: Final = """
return [...document.querySelectorAll('.st-key-answer [data-testid=stMetricValue]')].filter(value =>
  [value, ...value.querySelectorAll('*')].some(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth)
).map(value => value.innerText.trim());
"""
"""Large figures of the answer that are not seen whole."""

FILM_VIEW: Final = """
const stage = document.querySelectorAll('.boneage-stage')[arguments[0]];
const film = stage?.querySelector('svg.film');
return film ? [stage.dataset.zoom, film.getAttribute('viewBox')] : [0, ''];
"""
"""Zoom and view box of the film on the stage of this number; 0 and nothing where there is none."""

PLACE: Final = """
arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});
const {left, top} = arguments[0].getBoundingClientRect();
return [left, top];
"""
"""Where its argument stands in the window, once it was brought there."""
