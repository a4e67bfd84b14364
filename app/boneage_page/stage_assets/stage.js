// A film to zoom into, to move about and to point at, with ends that can be dragged. Coordinates are film pixels.
// What is drawn may change at any time; zoom and place stay as long as the first view is the same.

const SVG = "http://www.w3.org/2000/svg";
const CLOSEST = 40; // Times larger than the first view.
const STEP = 1.4; // Of the buttons and keys.
const TAP_PX = 8; // A pointer that moved less was a tap.
const REACH_PX = {mouse: 6, pen: 9, touch: 14}; // How far beside a bone still points at it.
const KEY_PAUSE_MS = 500; // After the last arrow key a handle counts as placed.
const ICONS = {
  closer: "M5 12h14M12 5v14",
  farther: "M5 12h14",
  whole: "M4 11l8-7 8 7M6 10v10h12V10",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
};
const stages = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".boneage-stage");
  let stage = stages.get(root);
  if (!stage) stages.set(root, (stage = new Stage(root)));
  stage.show(component.data, (placed) => component.setTriggerValue("placed", placed));
  return () => stage.rest();
}

function make(name, attributes = {}, parent = null) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

function path(points) {
  const [first, ...others] = points;
  return `M${first[0]} ${first[1]}` + (others.length ? others.map(([x, y]) => `L${x} ${y}`).join("") : "h0");
}

class Stage {
  constructor(root) {
    this.root = root;
    this.pointers = new Map();
    this.centre = [0, 0];
    this.zoom = 1;
    this.first = "";
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    this.svg = make("svg", {class: "film", role: "img"}, root);
    this.picture = make("image", {preserveAspectRatio: "none"}, this.svg);
    this.shapes = make("g", {}, this.svg);
    this.lengths = make("g", {class: "lengths", "aria-hidden": "true"}, this.svg);
    this.axis = make("path", {class: "line", stroke: "#dc2626", "stroke-width": 2.5}, this.svg);
    this.handles = make("g", {}, this.svg);
    this.said = document.createElement("div");
    this.said.className = "said";
    this.tools = document.createElement("div");
    this.tools.className = "tools";
    this.unitNote = document.createElement("div");
    this.unitNote.className = "unit-note";
    root.append(this.said, this.unitNote, this.tools);
    this.addTools();
    this.listen();
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(root);
  }

  rest() {
    if (!this.root.isConnected) this.watch.disconnect();
  }

  addTools() {
    const acts = {
      closer: () => this.scale(STEP),
      farther: () => this.scale(1 / STEP),
      whole: () => this.whole(),
      full: () => (this.isFull ? document.exitFullscreen() : this.root.requestFullscreen()),
    };
    this.buttons = {};
    for (const [name, act] of Object.entries(acts)) {
      if (name === "full" && !document.fullscreenEnabled) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", act);
      make("path", {d: ICONS[name]}, make("svg", {viewBox: "0 0 24 24", "aria-hidden": "true"}, button));
      this.buttons[name] = button;
      this.tools.append(button);
    }
  }

  get isFull() {
    return document.fullscreenElement === this.root;
  }

  nameFull() {
    const button = this.buttons.full;
    if (button) button.title = button.ariaLabel = this.words[this.isFull ? "leave" : "full"];
  }

  show(data, place) {
    const {scene, words, tall, lengths} = data;
    this.place = place;
    this.words = words;
    this.root.classList.toggle("tall", tall);
    this.root.setAttribute("aria-label", words.stage);
    this.svg.setAttribute("aria-label", words.alt);
    for (const [name, button] of Object.entries(this.buttons)) button.title = button.ariaLabel = words[name];
    this.nameFull();
    if (this.picture.getAttribute("href") !== scene.source) this.picture.setAttribute("href", scene.source);
    for (const key of ["x", "y", "width", "height"]) this.picture.setAttribute(key, scene.place[key]);
    this.box = scene.place;
    this.view = scene.view;
    if (this.first !== JSON.stringify(scene.view)) {
      this.first = JSON.stringify(scene.view);
      this.whole();
    }
    this.drawShapes(scene.shapes);
    this.writeLengths(scene.shapes.filter((shape) => lengths.texts[shape.part]), lengths);
    if (!this.held) this.drawHandles(scene.handles);
    this.draw();
  }

  drawShapes(shapes) {
    this.say("");
    this.shapes.replaceChildren();
    for (const shape of shapes) {
      const d = path(shape.points) + (shape.fill ? "Z" : "");
      const line = make("path", {d, class: "line", stroke: shape.colour, "stroke-width": shape.width}, this.shapes);
      line.dataset.part = shape.part;
      if (shape.fill) line.style.fill = shape.fill;
      if (!shape.text) continue;
      const hit = make("path", {d, class: shape.fill ? "hit filled" : "hit"}, this.shapes);
      hit.dataset.says = shape.text;
      hit.dataset.kind = shape.fill ? "area" : shape.points.length > 1 ? "line" : "dot";
      hit.line = line;
    }
  }

  writeLengths(axes, {texts, note}) {
    this.lengths.replaceChildren(...axes.map((shape) => {
      const text = make("text", {fill: shape.colour});
      text.textContent = texts[shape.part];
      text.dataset.part = shape.part;
      text.ends = shape.points;
      return text;
    }));
    this.unitNote.textContent = axes.length ? note : "";
  }

  drawLengths(left, top, unit) {
    const onScreen = ([x, y]) => [(x - left) / unit, (y - top) / unit];
    const texts = [...this.lengths.children];
    const size = [this.root.clientWidth, this.root.clientHeight];
    const places = placeLengths(texts.map((text) => text.ends.map(onScreen)), texts.map((text) => text.textContent), size);
    texts.forEach((text, index) => {
      const at = places[index];
      text.style.display = at ? "" : "none";
      if (at) text.setAttribute("transform", `translate(${left + at[0] * unit} ${top + at[1] * unit}) scale(${unit})`);
    });
  }

  drawHandles(handles) {
    const focused = [...this.handles.children].indexOf(document.activeElement);
    this.ends = handles.map(({x, y}) => [x, y]);
    this.names = handles.map(({name}) => name);
    while (this.handles.children.length > handles.length) this.handles.lastChild.remove();
    handles.forEach((_, index) => this.handles.children[index] ?? this.addHandle(index));
    if (focused >= 0) this.handles.children[focused]?.focus();
  }

  addHandle(index) {
    const handle = make("g", {class: "handle", tabindex: 0, role: "button"}, this.handles);
    make("circle", {class: "reach", r: 24}, handle);
    for (const kind of ["edge", "ring"]) {
      make("path", {class: kind, d: "M-13 0h8M13 0h-8M0-13v8M0 13v-8M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0"}, handle);
    }
    make("text", {x: 20, y: 5}, handle);
    handle.addEventListener("pointerdown", (event) => this.take(event, index));
    handle.addEventListener("keydown", (event) => this.nudge(event, index));
  }

  // Size of a pixel of the screen, in film pixels; and the part of the film that the window shows.
  get unit() {
    const width = this.root.clientWidth || 1, height = this.root.clientHeight || 1;
    return Math.max(this.view.width / width, this.view.height / height) / this.zoom;
  }

  draw() {
    if (!this.view) return;
    const unit = this.unit;
    const width = this.root.clientWidth * unit, height = this.root.clientHeight * unit;
    const [x, y] = [this.centre[0] - width / 2, this.centre[1] - height / 2];
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    this.root.classList.toggle("closer", this.zoom > 1.01);
    this.root.dataset.zoom = this.zoom.toFixed(3);
    this.drawLengths(x, y, unit);
    this.axis.setAttribute("d", this.ends?.length ? path(this.ends) : "");
    [...this.handles.children].forEach((handle, index) => {
      const [hx, hy] = this.ends[index];
      handle.setAttribute("transform", `translate(${hx} ${hy}) scale(${unit})`);
      handle.querySelector("text").textContent = this.names[index];
      const at = this.words.moved.replace("{x}", hx.toFixed(1)).replace("{y}", hy.toFixed(1));
      handle.setAttribute("aria-label", `${this.names[index]}: ${at}`);
    });
  }

  whole() {
    this.centre = [this.view.x + this.view.width / 2, this.view.y + this.view.height / 2];
    this.zoom = 1;
    this.draw();
  }

  // Film point under a pointer.
  at(event) {
    const frame = this.root.getBoundingClientRect(), unit = this.unit;
    return [
      this.centre[0] + (event.clientX - frame.left - this.root.clientWidth / 2) * unit,
      this.centre[1] + (event.clientY - frame.top - this.root.clientHeight / 2) * unit,
    ];
  }

  // Zoom so that the film point `about` stays where it is on the screen.
  scale(factor, about = this.centre) {
    const before = this.unit;
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), CLOSEST);
    const share = this.unit / before;
    this.move([0, 1].map((axis) => (about[axis] - this.centre[axis]) * (1 - share)));
    if (this.zoom === 1) this.whole();
  }

  move([dx, dy]) {
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    this.centre = [
      clamp(this.centre[0] + dx, this.box.x, this.box.x + this.box.width),
      clamp(this.centre[1] + dy, this.box.y, this.box.y + this.box.height),
    ];
    this.draw();
  }

  listen() {
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.scale(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), this.at(event));
    }, {passive: false});
    this.svg.addEventListener("pointerdown", (event) => this.press(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel"]) this.svg.addEventListener(kind, (event) => this.release(event));
    this.svg.addEventListener("pointerleave", (event) => this.leave(event));
    this.svg.addEventListener("dblclick", () => this.whole());
    this.root.addEventListener("keydown", (event) => this.pressKey(event));
    this.root.addEventListener("fullscreenchange", () => {
      this.nameFull();
      if (this.isFull) this.root.focus({preventScroll: true});
    });
  }

  press(event) {
    if (event.button) return;
    this.svg.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
    this.started = this.pointers.size === 1 ? event : null; // Two fingers are no tap.
    this.root.classList.add("moving");
  }

  drag(event) {
    if (this.held) {
      const [x, y] = this.at(event);
      this.ends[this.held.index] = this.onFilm([x - this.held.off[0], y - this.held.off[1]]);
      this.draw();
      return;
    }
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      this.point(event);
      return;
    }
    if (!this.started || this.farFromStart(event)) this.say("");
    if (this.pointers.size === 1) {
      if (this.zoom > 1 || event.pointerType === "mouse") this.pull(before, event);
    } else {
      const other = [...this.pointers.values()].find((known) => known.pointerId !== event.pointerId);
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const middle = (one) => ({clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2});
      this.scale(apart(event) / Math.max(apart(before), 1), this.at(middle(before)));
      if (this.zoom > 1) this.pull(middle(before), middle(event));
    }
    this.pointers.set(event.pointerId, event);
  }

  // Move the film with a pointer.
  pull(before, after) {
    const [from, to] = [this.at(before), this.at(after)];
    this.move([from[0] - to[0], from[1] - to[1]]);
  }

  farFromStart(event) {
    return Math.hypot(event.clientX - this.started.clientX, event.clientY - this.started.clientY) >= TAP_PX;
  }

  release(event) {
    if (this.held) {
      const {index, from} = this.held;
      this.held = null;
      if (this.ends[index].some((value, axis) => Math.abs(value - from[axis]) > 0.05)) this.tell(index);
    }
    if (this.started && event.type === "pointerup" && !this.farFromStart(event)) this.point(event);
    this.started = null;
    this.pointers.delete(event.pointerId);
    if (!this.pointers.size) this.root.classList.remove("moving");
  }

  // What a tap said stays when the finger is lifted; what the mouse points at does not.
  leave(event) {
    if (event.pointerType === "mouse") this.say("");
  }

  // Say what lies under the pointer.
  point(event) {
    const hits = hitsNear(this.svg, event.clientX, event.clientY, REACH_PX[event.pointerType] ?? REACH_PX.mouse);
    this.say(wordsOf(hits), event, hits[0]?.line);
  }

  say(text, event = null, line = null) {
    this.pointed?.classList.remove("pointed");
    this.pointed = text ? line : null;
    this.pointed?.classList.add("pointed");
    this.said.textContent = text;
    this.said.style.display = text ? "block" : "none";
    if (!text) return;
    const frame = this.root.getBoundingClientRect();
    const left = event.clientX - frame.left + 14, top = event.clientY - frame.top + 14;
    this.said.style.left = `${Math.max(Math.min(left, frame.width - this.said.offsetWidth - 4), 4)}px`;
    this.said.style.top = `${Math.max(Math.min(top, frame.height - this.said.offsetHeight - 4), 4)}px`;
  }

  pressKey(event) {
    if (event.key === "Escape" && this.isFull) document.exitFullscreen();
    if (event.target !== this.root || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 40 * this.unit;
    const acts = {
      ArrowLeft: () => this.move([-step, 0]), ArrowRight: () => this.move([step, 0]),
      ArrowUp: () => this.move([0, -step]), ArrowDown: () => this.move([0, step]),
      "+": () => this.scale(STEP), "=": () => this.scale(STEP), "-": () => this.scale(1 / STEP), 0: () => this.whole(),
    };
    if (!acts[event.key] || (event.key.startsWith("Arrow") && this.zoom === 1)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  take(event, index) {
    if (event.button) return;
    event.stopPropagation();
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.handles.children[index].focus({preventScroll: true, focusVisible: false});
    this.started = null;
    this.say("");
    const [x, y] = this.at(event), from = [...this.ends[index]];
    this.held = {index, from, off: [x - from[0], y - from[1]]};
  }

  nudge(event, index) {
    const size = event.shiftKey ? 10 : 1;
    const by = {ArrowLeft: [-size, 0], ArrowRight: [size, 0], ArrowUp: [0, -size], ArrowDown: [0, size]}[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.ends[index] = this.onFilm(this.ends[index].map((value, axis) => value + by[axis]));
    this.draw();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.tell(index), KEY_PAUSE_MS);
  }

  onFilm([x, y]) {
    const {x: left, y: top, width, height} = this.box;
    return [Math.min(Math.max(x, left), left + width), Math.min(Math.max(y, top), top + height)];
  }

  tell(index) {
    const [x, y] = this.ends[index].map((value) => Math.round(value * 10) / 10);
    this.place({handle: index, x, y});
  }
}
