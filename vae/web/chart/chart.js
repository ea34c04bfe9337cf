// A Plotly chart that stays in place: a new figure, colour or selection is taken over without
// building the chart anew, so that zoom and tool stay. Many points are drawn as a pixel raster
// behind Plotly's axes; Plotly itself keeps them invisible, for hover, click, lasso and box.

import { zoomOf, zoomText } from "./address.js";
import { queryWith } from "../parts/query.js";
import { axesSeen, rangesOf, themedFigure } from "./figure.js";
import { LiftedOutline } from "./lifted.js";
import { insideOutlines, outlineShapes, outlinesText } from "./outline.js";
import { chartArea, chartCloud, chartMask, chartPaint, chartPoints } from "./points.js";
import { themedColour } from "../parts/colours.js";
import { loadPlotly, PLOTLY_CONFIG } from "./plotly.js";
import { ChartTools } from "./tools.js";
import { Walks } from "./walk.js";
import { copyLink } from "../parts/copy.js";
import { mounted } from "../parts/mounted.js";
import { createModelEntries } from "../parts/model_entries.js";
import { element, find } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { readTheme } from "../parts/theme.js";
import { watchRatio } from "../parts/size_watch.js";

/** @import { Theme } from "../parts/theme.js" */
/** @import { HomeFigure } from "./figure.js" */
/** @import { Plot, PlotEvent, Plotly, Selection, View } from "./plotly.js" */
/** @import { ChartCloud, PackedPoints } from "./points.js" */
/** @import { ChartProps } from "./props.js" */
/** @import { Walk } from "./walk.js" */

/** @type {Map<string, View>} */
const chartViews = new Map(); // the view of every plane that was seen on this page

export default mounted((parent, /** @type {ChartProps} */ data) =>
  new Chart(find(parent, ".chart-host"), data));

class Chart {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Plotly | null} */
  library = null;
  /** @type {HomeFigure | null} */
  figure = null;
  /** What the figure that is drawn was made of. @type {string | null} */
  look = null;
  /** @type {ChartCloud | null} */
  cloud = null;
  /** The points that are selected, a byte each. @type {Uint8Array | null} */
  mask = null;
  /** @type {LiftedOutline | null} */
  lifted = null;
  count = 0;
  draws = 0;
  stopped = false;

  /** @param {HTMLElement} host @param {ChartProps} data */
  constructor(host, data) {
    this.host = host;
    this.data = data;
    this.entries = createModelEntries();
    this.canvas = element("canvas", { class: "chart-points", "aria-hidden": "true" });
    /** @type {Plot} */
    this.plot = element("div", { class: "chart-plot" });
    this.tools = new ChartTools({
      take: (tool) => this.take(tool),
      whole: () => this.figure && this.relayout(rangesOf(this.figure.home)),
      share: (pressed) => this.share(pressed),
    });
    this.legend = element("ul", { class: "chart-legend", "aria-label": "colours" });
    this.walks = new Walks((walk, place) => this.walk(walk, place));
    this.host.replaceChildren(this.tools.root, this.canvas, this.plot, this.walks.root, this.legend);
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

  /** @type {(data: ChartProps) => Promise<void>} */
  async update(data) {
    this.data = data;
    this.host.dataset.testid = `chart-${data.name}`;
    this.host.style.setProperty("--chart-height", data.height);
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", data.alt);
    /** @type {PackedPoints | null} */
    let points = null;
    try {
      [this.library, points] = await Promise.all([loadPlotly(data.library), chartPoints(data.points)]);
    } catch (error) {
      this.plot.textContent = `The chart cannot be loaded (${messageOf(error)}); reload the page.`;
      return;
    }
    // with all in the browser's memory this comes before the page has taken the chart in
    while (!this.host.isConnected && !this.stopped) await new Promise(requestAnimationFrame);
    await this.lifted?.told();
    if (this.data === data && !this.stopped) await this.show(this.library, data, points);
  }

  /** @type {(library: Plotly, data: ChartProps, points: PackedPoints | null) => Promise<void>} */
  async show(library, data, points) {
    const theme = { ...readTheme(this.host), family: getComputedStyle(this.host).fontFamily };
    const look = data.figure + data.points + theme.background + theme.text;
    this.cloud = data.cloud && points && chartCloud(data.cloud, points, this.cloud, theme);
    // an answer to an older selection must not undo a newer one
    if (this.cloud && data.heard >= this.count) this.select(chartMask(data.selected, this.cloud));
    if (look !== this.look) {
      this.look = look;
      const figure = themedFigure(JSON.parse(data.figure), theme);
      this.figure = figure;
      if (points) Object.assign(figure.data[0], points);
      const later = this.keepView(data, figure);
      figure.layout.dragmode = this.tools.offer(data.tools, Boolean(data.address));
      if (data.area) figure.layout.selections = outlineShapes(data.area, theme.accent);
      Object.assign(figure.layout, this.size());
      await library.react(this.plot, figure.data, figure.layout, PLOTLY_CONFIG);
      // after the whole map, which a double click brings back
      if (later) await library.relayout(this.plot, rangesOf(later));
      this.listen();
    } else {
      this.draw();
    }
    const drawn = this.plot.layout?.selections?.length ?? 0;
    if (data.heard >= this.count && (data.area ? !drawn : drawn)) {
      await library.relayout(this.plot, { selections: outlineShapes(data.area, theme.accent) });
    }
    this.walks.offer(data.walks);
    this.nameColours(data.legend, theme);
    this.keepAddress();
  }

  /**
   * Give the figure the view that this plane had before; one of an address comes as a change.
   * @type {(data: ChartProps, figure: HomeFigure) => View | null}
   */
  keepView({ of, zoom }, figure) {
    const asked = zoomOf(zoom);
    if (of && !chartViews.has(of) && asked) chartViews.set(of, asked);
    const view = chartViews.get(of);
    if (view && this.plot._fullLayout) Object.assign(figure.layout, axesSeen(figure, view));
    return view && !this.plot._fullLayout ? view : null;
  }

  /** @type {(names: string[][], theme: Theme) => void} */
  nameColours(names, theme) {
    const made = names.map(([name, colour]) => {
      const dot = element("span", { class: "chart-dot", "aria-hidden": "true" });
      dot.style.background = themedColour(colour, theme);
      return element("li", {}, dot, name);
    });
    this.legend.hidden = !made.length;
    this.legend.replaceChildren(...made);
  }

  /**
   * The address with all that the chart shows; null for a chart that has no part in it.
   * @type {() => Record<string, string | null> | null}
   */
  parameters() {
    const { data, figure } = this;
    const shown = this.plot._fullLayout;
    if (!data.address || !figure || !shown) return null;
    const { xaxis, yaxis } = shown;
    return { ...data.address, zoom: zoomText({ x: xaxis.range, y: yaxis.range }, figure.home) };
  }

  keepAddress() {
    const parameters = this.parameters();
    if (!parameters || !this.host.isConnected) return;
    const { model, preferred } = this.data;
    this.entries.keep(queryWith(location.search, parameters), model, preferred ?? "");
  }

  /** @type {(pressed: HTMLElement) => void} */
  share(pressed) {
    const query = queryWith(location.search, { ...this.parameters(), model: this.data.model });
    copyLink(this.host, pressed, query);
  }

  /** @type {(tool: string) => void} */
  take(tool) {
    this.tools.choose(tool);
    this.relayout({ dragmode: tool });
  }

  /** @type {(changes: Record<string, unknown>) => void} */
  relayout(changes) {
    this.library?.relayout(this.plot, changes);
  }

  size() {
    return { width: this.host.clientWidth, height: this.plot.clientHeight };
  }

  fit() {
    const { width, height } = this.size();
    const shown = this.plot._fullLayout;
    if (!shown || !width || (shown.width === width && shown.height === height)) return;
    this.relayout({ width, height });
  }

  listen() {
    const { plot } = this;
    if (this.lifted || !plot.on) return;
    plot.on("plotly_afterplot", () => this.draw());
    plot.on("plotly_relayouting", () => this.draw());
    plot.on("plotly_relayout", (changed) => {
      // the modebar has these tools as well
      if (changed.dragmode && changed.dragmode !== this.tools.tool) this.take(changed.dragmode);
      if (Object.keys(changed).some((name) => /^[xy]axis/.test(name))) this.keepZoom();
    });
    this.lifted = new LiftedOutline(plot, (outline) => this.takeDrawn([outline]));
    plot.on("plotly_selected", (event) => event && this.hearSelection(event));
    plot.on("plotly_deselect", () => this.report({ kind: "none" }));
    plot.on("plotly_hover", ({ points }) => {
      const point = points?.[0];
      if (point) this.walks.point(point.curveNumber, point.pointNumber ?? 0);
    });
    plot.on("plotly_click", (event) => this.hearClick(event));
    this.draw();
  }

  /** Put the mark of a curve at one of its places. @type {(walk: Walk, place: number) => void} */
  walk({ curve, mark }, place) {
    if (!this.figure) return;
    const { x, y } = /** @type {{x: number[], y: number[]}} */ (this.figure.data[curve]);
    this.library?.restyle(this.plot, { x: [[x[place]]], y: [[y[place]]] }, [mark]);
  }

  keepZoom() {
    const shown = this.plot._fullLayout;
    if (!shown) return;
    const { xaxis, yaxis } = shown;
    if (this.data.of) chartViews.set(this.data.of, { x: [...xaxis.range], y: [...yaxis.range] });
    this.keepAddress();
  }

  /** @type {(event: PlotEvent) => void} */
  hearSelection(event) {
    if (!this.cloud || (!event.range && !event.lassoPoints)) return;
    const drawn = event.selections ?? this.plot.layout?.selections ?? [];
    const area = outlinesText(drawn, chartArea(this.plot));
    const mask = insideOutlines(area, this.cloud);
    if (!this.lifted?.knows(mask)) this.takeArea(area, mask);
  }

  /**
   * Take the outline under the hand where there are points in it; returns their mask.
   * @type {(drawn: Selection[]) => Uint8Array | null}
   */
  takeDrawn(drawn) {
    if (!this.cloud) return null;
    const area = outlinesText(drawn, chartArea(this.plot));
    const mask = insideOutlines(area, this.cloud);
    if (!mask.includes(1)) return null;
    this.takeArea(area, mask);
    return mask;
  }

  /** @type {(area: string, mask: Uint8Array) => void} */
  takeArea(area, mask) {
    this.select(mask.includes(1) ? mask : null);
    this.draw();
    this.report({ kind: "area", area });
  }

  /** @type {(event: PlotEvent) => void} */
  hearClick(event) {
    const point = event.points?.[0];
    if (!point) return;
    if (this.cloud && point.curveNumber === 0) {
      this.report({ kind: "image", row: point.pointNumber });
    } else if (!this.cloud) {
      this.report({ kind: "place", x: point.x, y: point.y, row: point.pointNumber ?? null });
    }
  }

  /** @type {(picked: Record<string, unknown>) => void} */
  report(picked) {
    this.count = Math.max(this.count, this.data.heard) + 1;
    this.tell("picked", { ...picked, of: this.data.of, count: this.count });
  }

  /** @type {(mask: Uint8Array | null) => void} */
  select(mask) {
    this.mask = mask;
    this.host.dataset.selected = String(mask ? mask.reduce((sum, one) => sum + one, 0) : 0);
  }

  draw() {
    const layout = this.plot._fullLayout;
    this.canvas.hidden = !this.cloud;
    if (this.cloud && layout?.xaxis) {
      const area = chartArea(this.plot);
      const { left, top, width, height } = area;
      Object.assign(this.canvas.style, {
        left: `${this.plot.offsetLeft + left}px`,
        top: `${this.plot.offsetTop + top}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
      chartPaint(this.canvas, this.cloud, this.mask, area);
    }
    this.draws += 1;
    this.host.dataset.draws = String(this.draws);
    this.host.dataset.of = this.data.of;
  }
}
