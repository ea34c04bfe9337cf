// A Plotly chart that stays in place: a new figure, colour or selection is taken over without
// building the chart anew, so that zoom and tool stay. Many points are drawn as a pixel raster
// behind Plotly's axes; Plotly itself keeps them invisible, for hover, click, lasso and box.

import { button, element, isPressed, setPressed } from "./pad_dom.js";
import { readTheme } from "./pad_theme.js";
import { orderSide } from "./points.js";
import { countInView, liftAlphas, makeStamp, paintPoints, pointStyle } from "./raster.js";

const CHART_TOOLS = { lasso: "Lasso", select: "Box", pan: "Move", zoom: "Zoom" };
const CHART_MARGIN = 16; // device pixels around the raster, so that no point is cut at its edge
const CHART_FAINT = 0.45; // strength of the points outside the selection
const CHART_HIDDEN = 255;

const CHART_FETCHED = 8; // sets of points that a page remembers

const charts = new WeakMap();
const chartFetched = new Map();
let chartLibrary = null;

export default function showChart({ data, parentElement, setStateValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = new Chart(parentElement.querySelector(".chart-host"));
    charts.set(parentElement, chart);
  }
  chart.tell = (picked) => setStateValue("picked", picked);
  chart.update(data);
  return () => {
    chart.stop();
    charts.delete(parentElement);
  };
}

class Chart {
  constructor(host) {
    this.host = host;
    this.canvas = element("canvas", { class: "chart-points", "aria-hidden": "true" });
    this.plot = element("div", { class: "chart-plot" });
    this.tools = element("div", { class: "chart-tools", role: "group", "aria-label": "hand" });
    this.host.replaceChildren(this.tools, this.canvas, this.plot);
    this.figure = null;
    this.cloud = null;
    this.count = 0;
    this.draws = 0;
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(host);
  }

  stop() {
    this.stopped = true;
    this.observer.disconnect();
    if (this.library) this.library.purge(this.plot);
    this.figure = null;
  }

  async update(data) {
    this.data = data;
    this.host.dataset.testid = `chart-${data.name}`;
    this.host.style.setProperty("--chart-height", data.height);
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", data.alt);
    let points = null;
    try {
      [this.library, points] = await Promise.all([chartLoad(data.library), chartPoints(data.points)]);
    } catch (error) {
      this.plot.textContent = `The chart cannot be loaded (${error.message}); reload the page.`;
      return;
    }
    // with all in the browser's memory this comes before the page has taken the chart in
    while (!this.host.isConnected && !this.stopped) await new Promise(requestAnimationFrame);
    if (this.data === data && !this.stopped) await this.show(data, points);
  }

  async show(data, points) {
    const theme = { ...readTheme(this.host), family: getComputedStyle(this.host).fontFamily };
    const look = data.figure + data.points + theme.background + theme.text;
    this.cloud = data.cloud && chartCloud(data.cloud, points, this.cloud);
    // an answer to an older selection must not undo a newer one
    if (this.cloud && data.heard >= this.count) this.select(chartMask(data.selected, this.cloud));
    if (look !== this.look) {
      this.look = look;
      this.figure = chartThemed(JSON.parse(data.figure), theme);
      if (points) Object.assign(this.figure.data[0], points);
      chartKeepView(this.figure.layout, this.plot._fullLayout);
      this.keepTool(data);
      Object.assign(this.figure.layout, this.size());
      await this.library.react(this.plot, this.figure.data, this.figure.layout, CHART_CONFIG);
      this.listen();
    } else {
      this.draw();
    }
    if (!data.outlined && this.plot.layout.selections?.length) {
      await this.library.relayout(this.plot, { selections: [] });
    }
  }

  keepTool(data) {
    const tools = data.tools ?? [];
    this.tools.hidden = !tools.length;
    if (!tools.includes(this.tool)) this.tool = tools[0] ?? false;
    this.figure.layout.dragmode = this.tool;
    if (this.offered === tools.join()) return;
    this.offered = tools.join();
    const made = tools.map((tool) => {
      const one = button(CHART_TOOLS[tool], { class: "chart-tool" });
      setPressed(one, tool === this.tool);
      one.onclick = () => this.take(tool);
      one.dataset.tool = tool;
      return one;
    });
    const whole = button("whole map", { class: "chart-tool chart-whole" });
    whole.onclick = () => this.library.relayout(this.plot, this.whole());
    this.tools.replaceChildren(...made, whole);
  }

  take(tool) {
    this.tool = tool;
    for (const one of this.tools.children) {
      if (one.dataset.tool) setPressed(one, one.dataset.tool === tool);
    }
    this.library.relayout(this.plot, { dragmode: tool });
  }

  /** What takes the view back to the one that the figure asked for. */
  whole() {
    const { xaxis, yaxis } = this.figure.home;
    return { "xaxis.range": [...xaxis], "yaxis.range": [...yaxis] };
  }

  size() {
    return { width: this.host.clientWidth, height: this.plot.clientHeight };
  }

  fit() {
    const { width, height } = this.size();
    const shown = this.plot._fullLayout;
    if (!shown || !width || (shown.width === width && shown.height === height)) return;
    this.library.relayout(this.plot, { width, height });
  }

  listen() {
    const { plot } = this;
    if (this.listening) return;
    this.listening = true;
    plot.on("plotly_afterplot", () => this.draw());
    plot.on("plotly_relayouting", () => this.draw());
    plot.on("plotly_relayout", (changed) => {
      // the modebar has these tools as well
      if (changed.dragmode && changed.dragmode !== this.tool) this.take(changed.dragmode);
    });
    plot.on("plotly_selected", (event) => event && this.hearSelection(event));
    plot.on("plotly_deselect", () => this.report({ kind: "none" }));
    plot.on("plotly_click", (event) => this.hearClick(event));
    this.draw();
  }

  hearSelection(event) {
    if (!this.cloud || (!event.range && !event.lassoPoints)) return;
    const mask = chartInside(event.selections ?? this.plot.layout.selections ?? [], this.cloud);
    this.select(mask.includes(1) ? mask : null);
    this.draw();
    this.report({ kind: "area", mask: chartPacked(mask) });
  }

  hearClick(event) {
    const point = event.points?.[0];
    if (!point) return;
    if (this.cloud && point.curveNumber === 0) {
      this.report({ kind: "image", row: point.pointNumber });
    } else if (!this.cloud) {
      this.report({ kind: "place", x: point.x, y: point.y, row: point.pointNumber ?? null });
    }
  }

  report(picked) {
    this.count = Math.max(this.count, this.data.heard) + 1;
    this.tell({ ...picked, of: this.data.of, count: this.count });
  }

  select(mask) {
    this.mask = mask;
    this.host.dataset.selected = mask ? mask.reduce((sum, one) => sum + one, 0) : 0;
  }

  draw() {
    const layout = this.plot._fullLayout;
    this.canvas.hidden = !this.cloud;
    if (this.cloud && layout?.xaxis) {
      const { left, top, width, height, toX, toY } = chartArea(this.plot);
      Object.assign(this.canvas.style, {
        left: `${this.plot.offsetLeft + left}px`,
        top: `${this.plot.offsetTop + top}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
      chartPaint(this.canvas, this.cloud, this.mask, width, height, toX, toY);
    }
    this.draws += 1;
    this.host.dataset.draws = this.draws;
    this.host.dataset.of = this.data.of;
  }
}

const CHART_CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  doubleClick: "reset",
  scrollZoom: false,
  responsive: false,
};

/** Fetch Plotly once a page. */
function chartLoad(address) {
  chartLibrary ??= new Promise((resolve, reject) => {
    const script = element("script", { src: address, async: true });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      chartLibrary = null;
      reject(new Error("the server did not answer"));
    };
    document.head.append(script);
  });
  return chartLibrary;
}

/** The many numbers of a chart's points, as they stand behind their address; null for none. */
async function chartPoints(address) {
  if (!address) return null;
  if (!chartFetched.has(address)) {
    if (chartFetched.size >= CHART_FETCHED) chartFetched.delete(chartFetched.keys().next().value);
    const answer = fetch(address).then((found) => {
      if (!found.ok) throw new Error(`the server answered ${found.status}`);
      return found.json();
    });
    answer.catch(() => chartFetched.delete(address));
    chartFetched.set(address, answer);
  }
  return chartFetched.get(address);
}

/** Give a figure the page's colours where it names a role: TEXT, BACK, … of ui/plots.py. */
function chartThemed(figure, theme) {
  const { text, background, border, accent } = theme;
  const roles = { "#010203": text, "#010204": background, "#010205": border, "#010206": accent };
  const replaced = (value) => {
    if (typeof value === "string") return roles[value] ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one)]));
  };
  const themed = replaced(figure);
  themed.layout.font = { ...themed.layout.font, family: theme.family };
  const range = (axis) => [...(themed.layout[axis]?.range ?? [0, 1])];
  themed.home = { xaxis: range("xaxis"), yaxis: range("yaxis") };
  return themed;
}

/** Keep the view where the figure's revision is the same: it stays to the last digit. */
function chartKeepView(layout, before) {
  if (!layout.uirevision || before?.uirevision !== layout.uirevision) return;
  layout.xaxis.range = [...before.xaxis.range];
  layout.yaxis.range = [...before.yaxis.range];
}

/** Points in drawing order with their colours: a byte each in base64, an entry of a palette. */
function chartCloud(packed, points, before) {
  const same = before && before.points === points;
  const count = same ? before.count : chartBytes(points.x.bdata).length / 4;
  const order = same ? before.order : chartOrder(count);
  const projected = same ? before.projected : chartProjected(points, order);
  const bytes = chartBytes(packed.ink);
  const ink = Int16Array.from(order, (row) => bytes[row]);
  const inks = new Uint32Array(CHART_HIDDEN + 2);
  packed.palette.forEach((colour, i) => (inks[i + 1] = chartInk(colour)));
  return { points, count, order, projected, ink, inks };
}

function chartProjected({ x, y }, order) {
  const sorted = ({ bdata }) => {
    const places = new Float32Array(chartBytes(bdata).buffer);
    return Float32Array.from(order, (row) => places[row]);
  };
  return { a: sorted(x), b: sorted(y) };
}

/** Rows in drawing order, spread over the data set: see `orderSide`. */
function chartOrder(count) {
  const order = new Uint32Array(count);
  const side = orderSide(count);
  for (let column = 0, slot = 0; column < side; column++) {
    for (let row = column; row < count; row += side) order[slot++] = row;
  }
  return order;
}

/** 0xBBGGRR + 1 << 24 of "#rrggbb", as `paintPoints` takes it. */
function chartInk(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (1 << 24) | (blue << 16) | (green << 8) | red;
}

function chartBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** One byte a row from a bit a row, the lowest bit first; null for null. */
function chartMask(text, cloud) {
  if (!text) return null;
  const bits = chartBytes(text);
  return Uint8Array.from({ length: cloud.count }, (_, row) => (bits[row >> 3] >> (row & 7)) & 1);
}

function chartPacked(mask) {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  mask.forEach((one, row) => (bits[row >> 3] |= one << (row & 7)));
  let text = "";
  for (const byte of bits) text += String.fromCharCode(byte);
  return btoa(text);
}

/** One byte a row: whether a point lies in any of Plotly's outlines, boxes and closed paths. */
function chartInside(outlines, { count, order, projected }) {
  const mask = new Uint8Array(count);
  for (const outline of outlines) {
    const inside = outline.type === "rect" ? chartInBox(outline) : chartInPath(outline.path);
    for (let slot = 0; slot < count; slot++) {
      if (inside(projected.a[slot], projected.b[slot])) mask[order[slot]] = 1;
    }
  }
  return mask;
}

function chartInBox({ x0, x1, y0, y1 }) {
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
  const [low, high] = [Math.min(y0, y1), Math.max(y0, y1)];
  return (x, y) => x >= left && x <= right && y >= low && y <= high;
}

/** The even-odd rule for a path such as "M0.1,0.2L0.3,0.4L0.5,0.1Z". */
function chartInPath(path) {
  const corners = path.replace(/[MZ]/g, "").split("L").map((text) => text.split(",").map(Number));
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const around = chartInBox({ x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(...ys), y1: Math.max(...ys) });
  return (x, y) => {
    if (!around(x, y)) return false;
    let inside = false;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      const crosses = ys[i] > y !== ys[j] > y;
      if (crosses && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
    }
    return inside;
  };
}

/** Where the axes lie on the page, and the map from numbers to pixels of that area. */
function chartArea(plot) {
  const { xaxis, yaxis } = plot._fullLayout;
  const [width, height] = [xaxis._length, yaxis._length];
  const [x0, x1] = xaxis.range;
  const [y0, y1] = yaxis.range;
  const [perX, perY] = [width / (x1 - x0), height / (y1 - y0)];
  const toX = { scale: perX, shift: -x0 * perX };
  const toY = { scale: -perY, shift: y1 * perY };
  return { left: xaxis._offset, top: yaxis._offset, width, height, toX, toY };
}

function chartPaint(canvas, cloud, mask, cssWidth, cssHeight, cssX, cssY) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(cssWidth * ratio), Math.round(cssHeight * ratio)];
  if (!(width > 0 && height > 0)) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const toDevice = ({ scale, shift }) => ({
    scale: scale * ratio,
    shift: shift * ratio + CHART_MARGIN,
  });
  const [toX, toY] = [toDevice(cssX), toDevice(cssY)];
  const [wide, high] = [width + 2 * CHART_MARGIN, height + 2 * CHART_MARGIN];
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const style = pointStyle(countInView(cloud.projected, toX, toY, wide, high), wide, high, ratio);
  const paint = (ink, size, alpha) =>
    paintPoints(pixels, cloud.projected, ink, cloud.inks, toX, toY, makeStamp(size, alpha, wide));
  if (!mask) {
    paint(cloud.ink, style.size, style.alpha);
    liftAlphas(pixels, style.lift);
  } else {
    const only = (kept) =>
      Int16Array.from(cloud.ink, (ink, slot) =>
        mask[cloud.order[slot]] === kept ? ink : CHART_HIDDEN,
      );
    paint(only(0), style.size, style.alpha * CHART_FAINT);
    liftAlphas(pixels, style.lift);
    paint(only(1), style.size + Math.round(ratio), Math.min(1, style.alpha * 1.6));
  }
  canvas.getContext("2d").putImageData(image, -CHART_MARGIN, -CHART_MARGIN);
}
