// Names for screen readers: a table is drawn on a canvas, which the keyboard reaches but which has no name, and a cell with
// a picture says the whole picture in letters. The table's own description names the first, a word the second.

let words = {picture: ""};
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
  // Beside words that say the same; their name would be that of a drawing, in English.
  for (const icon of document.querySelectorAll("[data-testid=stMarkdownContainer] [role=img][aria-label$=' icon']")) {
    set(icon, "aria-hidden", "true");
  }
}

function set(element, attribute, value) {
  if (element.getAttribute(attribute) === value) return;
  if (value === null) element.removeAttribute(attribute);
  else element.setAttribute(attribute, value);
}
