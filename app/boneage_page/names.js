// Names for screen readers: a table is drawn on a canvas, which the keyboard reaches but which has no name, and a cell with
// a picture says the whole picture in letters. The table's own description names the first, a word the second.

// Icons beside words that say the same (their name is that of a drawing, in English), and what plotly measures text with.
const MUTE = "[data-testid=stMarkdownContainer] [role=img][aria-label$=' icon'], #js-plotly-tester";

let words = {picture: "", browse: ""};
let waiting = false;

const watch = new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    nameAll();
  }, 50);
});

export default function (component) {
  words = component.data;
  watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"]});
  nameAll();
}

function nameAll() {
  for (const table of document.querySelectorAll("[data-testid=stDataFrameResizable]")) {
    for (const part of table.querySelectorAll("canvas[tabindex], [role=grid]")) set(part, "aria-label", table.ariaLabel);
    for (const over of table.querySelectorAll("canvas:not([tabindex])")) set(over, "aria-hidden", "true");
    for (const cell of table.querySelectorAll("[role=gridcell]")) {
      set(cell, "aria-label", cell.textContent.startsWith("data:") ? words.picture : null);
    }
  }
  for (const mute of document.querySelectorAll(MUTE)) set(mute, "aria-hidden", "true");
  for (const field of document.querySelectorAll("input[type=file]")) set(field, "aria-label", words.browse);
}

function set(element, attribute, value) {
  if (element.getAttribute(attribute) === value) return;
  if (value === null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}
