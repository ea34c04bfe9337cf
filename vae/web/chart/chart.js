// A Plotly chart that stays in place: a new figure, colour or selection is taken over without
// building the chart anew, so that zoom and tool stay. Many points are drawn as a pixel raster
// behind Plotly's axes; Plotly itself keeps them invisible, for hover, click, lasso and box.

import { zoomOf, zoomText } from "./address.js";
import { queryWith } from "../parts/query.js";
import { LiftedOutline } from "./lifted.js";
import { insideOutlines, outlineShapes, outlinesText } from "./outline.js";
import { chartArea, chartCloud, chartMask, chartPaint, chartPoints } from "./points.js";
import { themedColour } from "../parts/colours.js";
import { copyLink } from "../parts/copy.js";
import { mounted } from "../parts/mounted.js";
import { createModelEntries } from "../parts/model_entries.js";
import { button, element, setPressed } from "../parts/dom.js";
import { readTheme } from "../parts/theme.js";
import { watchRatio } from "../parts/size_watch.js";
import { typeScale } from "../parts/type_scale.js";

const CHART_TOOLS = { lasso: "Lasso", select: "Box", pan: "Move", zoom: "Zoom" };

const chartViews = new Map(); // the view of every plane that was seen on this page
let chartLibrary = null;

export default mounted((parent) => new Chart(parent.querySelector(".chart-host")));

class Chart {
  library; tell;

  constructor(host) {
    this.host = host;
    this.entries = createModelEntries();
    this.canvas = element("canvas", { class: "chart-points", "aria-hidden": "true" });
    this.plot = element("div", { class: "chart-plot" });
    this.tools = element("div", { class: "chart-tools", role: "group", "aria-label": "what a drag does" });
    this.legend = element("ul", { class: "chart-legend", "aria-label": "colours" });
    this.host.replaceChildren(this.tools, this.canvas, this.plot, this.legend);
    this.figure = null;
    this.cloud = null;
    this.count = 0;
    this.draws = 0;
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(host);
    this.stopWatching = watchRatio(() => this.draw());
  }

  stop() {
    this.stopped = true;
    this.observer.disconnect();
    this.entries.stop();
    this.stopWatching();
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
    await this.lifted?.told();
    if (this.data === data && !this.stopped) await this.show(data, points);
  }

  async show(data, points) {
    const theme = { ...readTheme(this.host), family: getComputedStyle(this.host).fontFamily };
    const look = data.figure + data.points + theme.background + theme.text;
    this.cloud = data.cloud && chartCloud(data.cloud, points, this.cloud, theme);
    // an answer to an older selection must not undo a newer one
    if (this.cloud && data.heard >= this.count) this.select(chartMask(data.selected, this.cloud));
    if (look !== this.look) {
      this.look = look;
      this.figure = chartThemed(JSON.parse(data.figure), theme);
      if (points) Object.assign(this.figure.data[0], points);
      const later = this.keepView(data);
      this.keepTool(data);
      if (data.area) this.figure.layout.selections = outlineShapes(data.area, theme.accent);
      Object.assign(this.figure.layout, this.size());
      await this.library.react(this.plot, this.figure.data, this.figure.layout, CHART_CONFIG);
      // after the whole map, which a double click brings back
      if (later) await this.library.relayout(this.plot, chartRanges(later));
      this.listen();
    } else {
      this.draw();
    }
    const drawn = this.plot.layout.selections?.length ?? 0;
    if (data.heard >= this.count && (data.area ? !drawn : drawn)) {
      await this.library.relayout(this.plot, { selections: outlineShapes(data.area, theme.accent) });
    }
    this.nameColours(data.legend, theme);
    this.keepAddress();
  }

  /** Give the figure the view that this plane had before; one of an address comes as a change. */
  keepView({ of, zoom }) {
    if (of && !chartViews.has(of) && zoomOf(zoom)) chartViews.set(of, zoomOf(zoom));
    const view = chartViews.get(of);
    if (view && this.plot._fullLayout) Object.assign(this.figure.layout, chartSeen(this.figure, view));
    return view && !this.plot._fullLayout ? view : null;
  }

  nameColours(names, theme) {
    const made = names.map(([name, colour]) => {
      const dot = element("span", { class: "chart-dot", "aria-hidden": "true" });
      dot.style.background = themedColour(colour, theme);
      return element("li", {}, dot, name);
    });
    this.legend.hidden = !made.length;
    this.legend.replaceChildren(...made);
  }

  /** The address with all that the chart shows; null for a chart that has no part in it. */
  parameters() {
    const { data, figure, plot } = this;
    if (!data.address) return null;
    const { xaxis, yaxis } = plot._fullLayout;
    return { ...data.address, zoom: zoomText({ x: xaxis.range, y: yaxis.range }, figure.home) };
  }

  keepAddress() {
    const parameters = this.parameters();
    if (!parameters || !this.host.isConnected) return;
    const { model, preferred } = this.data;
    this.entries.keep(queryWith(location.search, parameters), model, preferred);
  }

  share(pressed) {
    const query = queryWith(location.search, { ...this.parameters(), model: this.data.model });
    copyLink(this.host, pressed, query);
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
    const share = button("share", { class: "chart-tool", title: "copy a link to this picture" });
    share.onclick = () => this.share(share);
    this.tools.replaceChildren(...made, whole, ...(data.address ? [share] : []));
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
    return chartRanges(this.figure.home);
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
      if (Object.keys(changed).some((name) => /^[xy]axis/.test(name))) this.keepZoom();
    });
    this.lifted = new LiftedOutline(plot, (outline) => this.takeDrawn([outline]));
    plot.on("plotly_selected", (event) => event && this.hearSelection(event));
    plot.on("plotly_deselect", () => this.report({ kind: "none" }));
    plot.on("plotly_click", (event) => this.hearClick(event));
    this.draw();
  }

  keepZoom() {
    const { xaxis, yaxis } = this.plot._fullLayout;
    if (this.data.of) chartViews.set(this.data.of, { x: [...xaxis.range], y: [...yaxis.range] });
    this.keepAddress();
  }

  hearSelection(event) {
    if (!this.cloud || (!event.range && !event.lassoPoints)) return;
    const drawn = event.selections ?? this.plot.layout.selections ?? [];
    const area = outlinesText(drawn, chartArea(this.plot));
    const mask = insideOutlines(area, this.cloud);
    if (!this.lifted.knows(mask)) this.takeArea(area, mask);
  }

  /** Take the outline under the hand where there are points in it; returns their mask. */
  takeDrawn(drawn) {
    if (!this.cloud) return null;
    const area = outlinesText(drawn, chartArea(this.plot));
    const mask = insideOutlines(area, this.cloud);
    if (!mask.includes(1)) return null;
    this.takeArea(area, mask);
    return mask;
  }

  takeArea(area, mask) {
    this.select(mask.includes(1) ? mask : null);
    this.draw();
    this.report({ kind: "area", area });
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
    this.tell("picked", { ...picked, of: this.data.of, count: this.count });
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
    script.onload = () => resolve(globalThis["Plotly"]);
    script.onerror = () => {
      chartLibrary = null;
      reject(new Error("the server did not answer"));
    };
    document.head.append(script);
  });
  return chartLibrary;
}

/** Give a figure the page's colours where it names a role: TEXT, BACK, … of ui/figures/colours.py. */
function chartThemed(figure, theme) {
  const { text, background, border, accent } = theme;
  const roles = { "#010203": text, "#010204": background, "#010205": border, "#010206": accent };
  const replaced = (value) => {
    if (typeof value === "string") return roles[value] ?? themedColour(value, theme);
    if (Array.isArray(value)) return value.map(replaced);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one)]));
  };
  const themed = replaced(figure);
  const scale = typeScale();
  const size = (themed.layout.font?.size ?? 12) * scale;
  themed.layout.font = { ...themed.layout.font, family: theme.family, size };
  const margins = Object.entries(themed.layout.margin ?? {});
  themed.layout.margin = Object.fromEntries(margins.map(([side, wide]) => [side, wide * scale]));
  const range = (axis) => [...(themed.layout[axis]?.range ?? [0, 1])];
  themed.home = { x: range("xaxis"), y: range("yaxis") };
  return themed;
}

function chartRanges({ x, y }) {
  return { "xaxis.range": [...x], "yaxis.range": [...y] };
}

/** The axes of a figure's layout with another view. */
function chartSeen({ layout: { xaxis, yaxis } }, { x, y }) {
  return { xaxis: { ...xaxis, range: [...x] }, yaxis: { ...yaxis, range: [...y] } };
}
