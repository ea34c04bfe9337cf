// Compare: models side by side, the same thing of each in a row.
//
// All is computed here, in the browser, from the blocks of bytes of each model; the server is asked
// for the test images alone.

import { copyLink } from "../parts/copy.js";
import { find } from "../parts/dom.js";
import { createHelp, hearKeys } from "../parts/help.js";
import { createModelEntries } from "../parts/model_entries.js";
import { mounted } from "../parts/mounted.js";
import { nextTask } from "../parts/next_task.js";
import { originalsOf } from "../parts/originals.js";
import { showSentence } from "../parts/sentence.js";
import { readTheme, sameTheme } from "../parts/theme.js";
import { className } from "../core/told.js";
import { Column, versionOf } from "./column.js";
import { DrawsRow } from "./draws.js";
import { ImagesRow, LargeRow } from "./images.js";
import { buildLayout, HELP } from "./layout.js";
import { MapsRow } from "./maps.js";
import { NamesRow } from "./names.js";
import { PathRow } from "./path.js";
import { COUNT, firstRows, otherRows } from "./pick.js";
import { saveComparison } from "./save.js";
import { readState, writeState } from "./state.js";

/** @import { Originals } from "../parts/originals.js" */
/** @import { NetworkHeader, Shape } from "../core/header.js" */
/** @import { Code, Picked } from "./column.js" */
/** @import { CompareProps } from "./props.js" */

/** A row with what draws its head, and its cell of a column. @typedef {NamesRow | ImagesRow | LargeRow | DrawsRow | PathRow | MapsRow} AnyRow */

export default mounted((parent, data) => new Compare(parent, data));

export class Compare {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Column[]} */
  columns = [];
  /** Of the first model that has any. @type {Originals | null} */
  originals = null;
  /** The test images that are shown. @type {Picked[]} */
  images = [];
  /** Where the path begins and ends. @type {Picked[] | null} */
  ends = null;
  /** The image that is shown large. @type {Picked | null} */
  large = null;
  /** The class of each image of the split, by its row. @type {Map<number, number>} */
  labels = new Map();
  /** The classes' names. @type {string[]} */
  names = [];
  /** @type {Shape} */
  shape = [1, 1, 1];
  /** Whether the images that the models have were looked for. */
  looked = false;
  /** Whether it is known which model leads. */
  settled = false;
  /** The models of which Python was told that their pictures stand. */
  #told = "";
  /** The rows that wait for images to be drawn anew. @type {Set<AnyRow>} */
  #stale = new Set();
  /** Counts the times that images were looked for: an answer to an older question is dropped. */
  #asked = 0;

  /** @param {HTMLElement} parent @param {CompareProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.root.dataset.testid = "compare";
    this.root.dataset.ready = "false";
    this.data = data;
    this.refs = buildLayout(this.root);
    const { wrong, ...state } = readState(location.search);
    this.state = state;
    if (wrong) showSentence(this.refs, wrong);
    this.entries = createModelEntries();
    this.path = new PathRow(this);
    this.maps = new MapsRow(this);
    this.draws = new DrawsRow(this);
    this.pictures = new ImagesRow(this);
    this.largeRow = new LargeRow(this);
    /** @type {AnyRow[]} */
    this.rows = [new NamesRow(this, this.refs.tools), this.pictures, this.largeRow, this.draws, this.path, this.maps];
    this.refs.grid.append(...this.rows.map(({ root }) => root));
    this.stopListening = this.#listen();
  }

  #listen() {
    const help = createHelp(HELP);
    this.root.append(help);
    const showHelp = () => (help.open ? help.close() : help.showModal());
    this.refs.help.onclick = showHelp;
    this.refs.share.onclick = () => copyLink(this.root, this.refs.share, this.#query());
    this.refs.png.onclick = () => saveComparison(this);
    const keys = new Map([["r", () => this.draws.again()], ["?", showHelp]]);
    return hearKeys((key) => keys.get(key));
  }

  stop() {
    this.#asked += 1;
    this.stopListening();
    this.entries.stop();
    this.path.stop();
    this.maps.stop();
  }

  /** @type {(data: CompareProps) => void} */
  update(data) {
    this.data = data;
    const theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", theme.dark);
    if (!sameTheme(theme, this.maps.theme)) this.maps.setTheme(theme);
    const versions = data.columns.map(versionOf);
    if (versions.join() !== this.columns.map(({ version }) => version).join()) this.#open(data);
  }

  // ---- the models -------------------------------------------------------------------------

  /** @type {(data: CompareProps) => void} */
  #open(data) {
    this.root.dataset.ready = "false";
    const before = new Map(this.columns.map((column) => [column.version, column]));
    const fresh = data.columns.map((one) => before.get(versionOf(one)) ?? new Column(one));
    const opened = fresh.filter((column) => !before.has(column.version));
    [this.columns, this.looked, this.settled] = [fresh, false, false];
    this.root.style.setProperty("--cmp-count", String(fresh.length));
    for (const row of this.rows) row.setColumns(fresh);
    this.root.dataset.models = fresh.map(({ model }) => model).join(",");
    for (const column of fresh.filter(({ drawing, complete }) => drawing || complete)) this.#came(column);
    for (const column of opened) column.open(() => this.columns.includes(column) && this.#came(column));
    this.keep();
  }

  /** Something of a model is there: show it; once it is known which one leads, the images too. @type {(column: Column) => void} */
  #came(column) {
    const net = this.columns.find(({ drawing }) => drawing)?.drawing?.net;
    if (net) this.shape = net.shape;
    this.root.style.setProperty("--pad-aspect", `${this.shape[2]} / ${this.shape[1]}`);
    this.draws.drawHead();
    for (const row of this.rows) if (row !== this.draws || !this.draws.has(column)) this.#drawCell(row, column);
    if (!this.settled && (this.lead || this.columns.every(({ complete }) => complete))) this.#settle();
    else this.#stand();
  }

  /** It is known which model leads: find its images, then draw all that is about them. */
  async #settle() {
    this.settled = true;
    const lead = this.lead;
    const { drawing, points } = lead ?? {};
    const header = drawing?.net.header;
    const labels = points ? Array.from(points.label) : [];
    this.labels = new Map(labels.map((label, k) => [/** @type {number} */ (points?.index[k]), label]));
    const count = Math.max(-1, ...labels) + 1;
    this.names = header ? Array.from({ length: count }, (_, label) => className(header, label)) : [];
    const address = lead?.data.wrong === undefined ? lead?.data.originals ?? null : null;
    this.originals = originalsOf(address);
    this.pictures.setClasses(this.names);
    const known = (/** @type {number} */ row) => this.labels.has(row);
    const { state } = this;
    const asked = state.images?.filter(known) ?? [];
    if (asked.length < (state.images?.length ?? 0)) {
      showSentence(this.refs, "Some images that the address asks for are not on the first model's map; they are left out.");
    }
    state.images = asked.length || !points ? asked : firstRows(points);
    if (!state.path?.every(known)) state.path = null;
    if (state.large !== null && !known(state.large)) state.large = null;
    // the maps need no images, which may take the server a while
    this.drawRow(this.maps);
    await this.#look(this.rows.filter((row) => row !== this.draws));
  }

  /** The first model that has a map, known once all before it are here: its images are shown. */
  get lead() {
    const found = this.columns.find(({ points, complete }) => points || !complete);
    return found?.points ? found : undefined;
  }

  /** All that the page shows is drawn: say so, to Python once, which then begins to measure. */
  #stand() {
    if (!this.looked || this.#stale.size || !this.columns.every(({ complete }) => complete)) return;
    this.root.dataset.ready = "true";
    const { models = "" } = this.root.dataset;
    if (this.#told === models) return;
    this.#told = models;
    this.tell("drawn", models);
  }

  /** Whether a row means the same image in a model's map as in the first. @type {(column: Column) => boolean} */
  linked(column) {
    return Boolean(this.lead?.sharesImages(column));
  }

  /** Whether the server has said that the images are not on its machine. */
  get absent() {
    return !this.originals || this.originals.absent();
  }

  /** @type {(column: Column, image: Picked) => Code | null} */
  codeOf(column, image) {
    return column.codeOf(image, this.linked(column));
  }

  /**
   * Why nats of a model mean another thing than the first one's, to be said behind them; "" where they do not.
   * @type {(header: NetworkHeader) => string}
   */
  apart({ likelihood }) {
    const first = this.columns.find(({ drawing }) => drawing)?.drawing?.net.header.likelihood;
    return likelihood === first ? "" : ", of another kind of p(x|z): not comparable";
  }

  /** @type {(column: Column, beta: number) => void} */
  setBeta(column, beta) {
    column.setBeta(beta);
    this.maps.moved(column);
    for (const row of this.rows) this.#drawCell(row, column);
    const names = this.rows[0];
    if (names instanceof NamesRow) names.heads.get(column)?.slider?.show(beta);
    this.root.dataset.beta = String(beta);
  }

  // ---- the images -------------------------------------------------------------------------

  /**
   * Fetch the images that the state names, and show them; of the rows those that are about them.
   * @type {(changed?: AnyRow[]) => Promise<void>}
   */
  async #look(changed = this.rows) {
    const { state } = this;
    const asked = ++this.#asked;
    for (const row of changed) this.#stale.add(row);
    const rows = state.images ?? [];
    const usual = [rows[Math.min(3, rows.length - 1)], rows[Math.min(8, rows.length - 1)]];
    const path = state.path ?? (rows.length > 1 ? usual : null);
    const large = state.large === null ? [] : [state.large];
    await this.originals?.fetch([...rows, ...(path ?? []), ...large]);
    if (asked !== this.#asked) return;
    this.looked = true;
    this.images = rows.map((row) => this.#picked(row));
    this.ends = path?.map((row) => this.#picked(row)) ?? null;
    this.large = state.large === null ? null : this.#picked(state.large);
    // the letters of the ends, and which image is large
    if (!this.#stale.has(this.pictures)) this.pictures.drawHead();
    for (const row of this.rows.filter((one) => this.#stale.has(one))) {
      this.drawRow(row);
      // each row is on the screen before the next is computed
      await nextTask();
      if (asked !== this.#asked) return;
      this.#stale.delete(row);
    }
    this.root.dataset.images = rows.join(",");
    this.#stand();
    this.keep();
  }

  /** @type {(row: number) => Picked} */
  #picked(row) {
    return { row, pixels: this.originals?.at(row) ?? null, label: this.labels.get(row) ?? -1 };
  }

  /** What is said of an image. @type {(image: Picked) => string} */
  words({ row, label }) {
    const data = this.lead?.data;
    const split = data?.wrong === undefined ? data?.split : "";
    return `${label >= 0 ? `${this.names[label]} · ` : ""}${split} image ${row}`;
  }

  /** Show ten others, of one class where it is named. @type {(label: number | null) => Promise<void>} */
  async others(label) {
    const points = this.lead?.points;
    if (!points) return;
    this.state.images = otherRows(points, label, this.state.images ?? [], Math.random).slice(0, COUNT);
    this.state.large = null;
    // a path that nobody has chosen goes along with the images
    const path = this.state.path ? [] : [this.path, this.maps];
    await this.#look([this.pictures, this.largeRow, ...path]);
  }

  /** An image was pressed: it becomes an end of the path, or is shown large; null closes it. @type {(row: number | null) => Promise<void>} */
  async press(row) {
    const { armed } = this.path;
    if (row !== null && armed !== null) {
      this.path.arm(null);
      await this.setEnd(armed, row);
      return;
    }
    this.state.large = row === this.state.large ? null : row;
    await this.#look([this.largeRow]);
  }

  /** @type {(side: 0 | 1, row: number) => Promise<void>} */
  async setEnd(side, row) {
    const path = this.ends?.map((end) => end.row) ?? [row, row];
    path[side] = row;
    this.state.path = path;
    await this.#look([this.path, this.maps]);
  }

  // ---- drawing ----------------------------------------------------------------------------

  /** @type {(row: AnyRow) => void} */
  drawRow(row) {
    row.drawHead();
    for (const column of this.columns) this.#drawCell(row, column);
  }

  /** @type {(row: AnyRow, column: Column) => void} */
  #drawCell(row, column) {
    try {
      row.draw(column);
    } catch (error) {
      // one model that cannot be computed should not take the others away
      row.cell(column).lack(error instanceof Error ? error.message : String(error));
    }
  }

  #query() {
    const models = this.columns.map(({ model }) => model);
    return writeState(location.search, models, this.state);
  }

  /** The hand let go: write the address. */
  keep() {
    const [first] = this.data.columns;
    const preferred = first.wrong === undefined ? first.preferred : first.model;
    this.entries.keep(this.#query(), first.model, preferred);
  }
}
