// What is said of the things under a place of the screen: one area, one line and one dot at most, the topmost of each.

const DIRECTIONS = [...Array(8).keys()].map((turn) => [Math.cos(turn * Math.PI / 4), Math.sin(turn * Math.PI / 4)]);

// The hits at a place, or the nearest within `reach` pixels of the screen: outlines are thin and epiphyses flat.
function hitsNear(svg, x, y, reach) {
  for (const far of [0, reach / 3, 2 * reach / 3, reach]) {
    for (const [right, down] of far ? DIRECTIONS : [[0, 0]]) {
      const hits = hitsAt(svg, x + far * right, y + far * down);
      if (hits.length) return hits;
    }
  }
  return [];
}

function hitsAt(svg, x, y) {
  const kinds = new Map();
  for (const one of document.elementsFromPoint(x, y)) {
    if (one.dataset?.says && svg.contains(one) && !kinds.has(one.dataset.kind)) kinds.set(one.dataset.kind, one);
  }
  return ["area", "line", "dot"].map((kind) => kinds.get(kind)).filter(Boolean);
}

// The words of hits, a bone that an axis names as well only once.
function wordsOf(hits) {
  const says = hits.map((hit) => hit.dataset.says);
  return says.filter((one) => !says.some((other) => other.startsWith(`${one}\n`))).join("\n");
}
