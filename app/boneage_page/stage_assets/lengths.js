// Lengths beside axes: where each number stands so that it covers neither another nor another's axis and is nearest to
// its own; on the axis where there is no room beside it.

const LENGTH_PX = {high: 15, wide: 9.5, off: 6}; // Of the screen: a line, a digit, and the distance from the axis.
const ALONG = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]; // Of the axis, the first that is free.
const CLEAR = 1.3; // Times nearer to the own axis than to another.

// The middle of each text on the screen, `null` where none is free. `axes`: [from, to] on the screen; `size`: of the
// window.
function placeLengths(axes, texts, size) {
  const taken = [];
  return axes.map(([from, to], index) => {
    const half = {x: texts[index].length * LENGTH_PX.wide / 2, y: LENGTH_PX.high / 2};
    const others = axes.filter((_, other) => other !== index);
    const place = candidates(from, to, half).find((at) => inWindow(at, half, size)
      && !taken.some((one) => Math.abs(one.at[0] - at[0]) < one.half.x + half.x && Math.abs(one.at[1] - at[1]) < one.half.y + half.y)
      && !others.some((axis) => crosses(axis, at, half) || distance(axis, at) < CLEAR * distance([from, to], at)));
    if (place) taken.push({at: place, half});
    return place ?? null;
  });
}

function candidates(from, to, half) {
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (long < 2 * LENGTH_PX.high) return [];
  const across = [(from[1] - to[1]) / long, (to[0] - from[0]) / long];
  const off = LENGTH_PX.off + Math.abs(across[0]) * half.x + Math.abs(across[1]) * half.y;
  const at = (side, share) => [0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis]) + side * off * across[axis]);
  return [-1, 1, 0].flatMap((side) => ALONG.map((share) => at(side, share))); // All on one side where they can be.
}

function distance([from, to], at) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]], long = x * x + y * y || 1;
  const share = Math.min(Math.max(((at[0] - from[0]) * x + (at[1] - from[1]) * y) / long, 0), 1);
  return Math.hypot(from[0] + share * x - at[0], from[1] + share * y - at[1]);
}

function inWindow(at, half, size) {
  return [at[0] - half.x, size[0] - at[0] - half.x, at[1] - half.y, size[1] - at[1] - half.y].every((room) => room > 2);
}

function crosses([from, to], at, half) {
  const steps = Math.max(Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 6), 1);
  return [...Array(steps + 1).keys()].some((step) => [0, 1].every(
    (axis) => Math.abs(from[axis] + step / steps * (to[axis] - from[axis]) - at[axis]) < (axis ? half.y : half.x) + 2));
}
