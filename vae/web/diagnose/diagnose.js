// Diagnose: a list of plain findings, and the evidence of the one that is pressed in the middle. What
// stands there first is one image under the microscope.

import { parseOutline } from "../core/remote.js";
import { find, setOptions } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { fetchPayload } from "../parts/load.js";
import { createModelEntries } from "../parts/model_entries.js";
import { mounted } from "../parts/mounted.js";
import { openDecoder, openEncoder, openPoints } from "../opened/networks.js";
import { queryWith } from "../parts/query.js";
import { readTheme } from "../parts/theme.js";
import { EXHIBITS, MICROSCOPE } from "./exhibits.js";
import { buildDiagnose, showFindings } from "./layout.js";
import { showSentence } from "../parts/sentence.js";
import { Microscope } from "../microscope/microscope.js";
import { Sheet } from "./sheet.js";
import { Specimens } from "../microscope/specimens.js";

/** @import { Decoder, Points } from "../core/header.js" */
/** @import { Theme } from "../parts/theme.js" */
/** @import { Exhibit } from "./exhibits.js" */
/** @import { DiagnoseProps } from "./props.js" */
/** @import { Specimen } from "../microscope/specimens.js" */

export default mounted((parent, data) => new Diagnose(parent, data));

export class Diagnose {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** The version of the model that is shown or on its way. @type {string | null} */
  opening = null;
  /** @type {Decoder | null} */
  net = null;
  /** @type {Points | null} */
  points = null;
  /** @type {Specimens | null} */
  specimens = null;
  /** @type {Theme | null} */
  theme = null;
  /** The exhibits that were looked at. @type {Record<string, Exhibit>} */
  shown = {};
  /** The model of which Python was told that its first pictures stand. */
  #told = "";

  /** @param {HTMLElement} parent @param {DiagnoseProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.data = data;
    this.root.dataset.testid = "diagnose";
    this.root.dataset.ready = "false";
    this.refs = buildDiagnose(this.root);
    this.entries = createModelEntries();
    const asked = new URLSearchParams(location.search);
    this.asked = { show: asked.get("show"), image: asked.get("image"), of: asked.get("model") };
    this.exhibit = MICROSCOPE;
    this.isChosen = false;
    this.microscope = new Microscope({
      settled: () => this.ready(),
      drawn: ({ log, elbo, kl }, frames) => {
        Object.assign(this.root.dataset, { frames, log: log ?? "", elbo: elbo ?? "", kl: kl ?? "" });
      },
    });
    this.refs.microscope.append(this.microscope.root);
    const { root, refs } = this.microscope;
    this.sheet = new Sheet(this.refs.draw, { ...refs, root }, (pixels) => this.specimens && this.put(this.specimens.drawn(pixels)));
    this.refs.another.onclick = () => this.another();
    this.refs.made.onclick = () => this.made();
    this.refs.draw.onclick = () => this.draws();
    this.refs.classes.onchange = () => this.tellClass(Number(this.refs.classes.value));
  }

  stop() {
    this.opening = null;
    this.microscope.stop();
    this.sheet.close();
    for (const view of Object.values(this.shown)) view.stop();
    this.entries.stop();
  }

  /** @type {(data: DiagnoseProps) => void} */
  update(data) {
    this.data = data;
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.microscope.setTheme(this.theme);
    const version = versionOf(data);
    if (this.opening !== version) this.open(data, version);
    else this.draw();
  }

  /** @type {(data: DiagnoseProps, version: string) => Promise<void>} */
  async open(data, version) {
    this.opening = version;
    this.root.dataset.ready = "false";
    this.sheet.close();
    showSentence(this.refs, null);
    try {
      const [{ net, many }, encoder, points] = await Promise.all([
        data.remote ? outlineOf(data.decoder) : openDecoder(data.decoder),
        openEncoder(data.encoder),
        data.points ? openPoints(data.points) : null,
      ]);
      if (this.opening !== version) return;
      [this.net, this.points] = [net, points];
      this.specimens = net.remote ? null : new Specimens(net, encoder, points, data.originals, data.split);
      Object.assign(this.root.dataset, { log: "", elbo: "", kl: "" });
      this.microscope.setModel(net, many, encoder);
      this.root.dataset.model = data.model;
      this.refs.root.style.setProperty("--pad-aspect", `${net.shape[2]} / ${net.shape[1]}`);
      await this.first(data);
    } catch (error) {
      if (this.opening !== version) return;
      const sentence = `The model ${data.title} could not be loaded: ${messageOf(error)}.`;
      showSentence(this.refs, sentence, () => this.open(data, version));
    }
  }

  /** The first exhibit and the first image: what the address asks for. @type {(data: DiagnoseProps) => Promise<void>} */
  async first(data) {
    const { show, image, of } = this.asked;
    const own = of === null || of === data.model;
    this.asked = { show: null, image: null, of: null };
    if (own && show && Object.hasOwn(EXHIBITS, show)) [this.exhibit, this.isChosen] = [show, true];
    // what was pressed stays for the next model; what stood there by itself does not
    if (!this.isChosen) this.exhibit = MICROSCOPE;
    const row = own && /^\d{1,9}$/.test(image ?? "") ? Number(image) : this.points?.index[0] ?? null;
    // what cannot be put under the microscope has other evidence to begin with
    if (!this.isChosen && !this.microscope.works) this.exhibit = "reconstructions";
    this.refs.bar.hidden = !this.microscope.works;
    await this.look(row);
    this.draw();
  }

  // ---- the image under the microscope -------------------------------------------------------

  /** @type {(row: number | null) => Promise<void>} */
  async look(row) {
    const { specimens } = this;
    if (!specimens) return;
    const found = row === null || !this.points ? null : await specimens.ofRow(row);
    if (specimens !== this.specimens) return;
    this.refs.absent.hidden = !specimens.absent;
    this.refs.another.hidden = specimens.absent;
    this.put(found ?? specimens.made());
  }

  async another() {
    this.sheet.close();
    const row = this.specimens?.anotherRow(this.microscope.specimen?.row ?? null) ?? null;
    if (row !== null) await this.look(row);
  }

  made() {
    this.sheet.close();
    if (this.specimens) this.put(this.specimens.made());
  }

  /** Draw an image; pressed again, the sheet goes, and what was drawn stays under the microscope. */
  draws() {
    const { specimens, sheet } = this;
    if (!specimens || sheet.isOpen) sheet.close();
    else sheet.open(specimens.net.shape, this.data.framing ?? null);
  }

  /** Look at the same image as another class. @type {(label: number) => void} */
  tellClass(label) {
    const { specimen } = this.microscope;
    if (specimen && this.specimens) this.put(this.specimens.told(specimen, label));
  }

  /** @type {(specimen: Specimen) => void} */
  put(specimen) {
    const { classes } = this.refs;
    const options = this.specimens?.classesOf(specimen) ?? [];
    setOptions(classes, options);
    classes.hidden = !options.length;
    classes.value = String(specimen.label);
    if (this.microscope.works) this.root.dataset.ready = "false";
    this.microscope.show(specimen);
    this.root.dataset.image = String(specimen.row ?? "");
    this.keep();
  }

  /** The page is ready once its numbers are there, and its pictures: these are told to Python, which then begins to measure. */
  ready() {
    const drawn = this.exhibit !== MICROSCOPE || !this.microscope.works || this.microscope.settled;
    this.root.dataset.ready = String(drawn && !this.data.working);
    const { model } = this.data;
    if (!drawn || this.#told === model || this.root.dataset.model !== model) return;
    this.#told = model;
    this.tell("drawn", model);
  }

  // ---- the list and what it shows -----------------------------------------------------------

  /** @type {(exhibit: string) => void} */
  choose(exhibit) {
    [this.exhibit, this.isChosen] = [exhibit, true];
    this.draw();
    this.keep();
  }

  draw() {
    const { data, refs, exhibit } = this;
    showFindings(refs, data, exhibit, (chosen) => this.choose(chosen));
    refs.microscope.hidden = exhibit !== MICROSCOPE;
    refs.evidence.hidden = exhibit === MICROSCOPE;
    this.root.dataset.exhibit = exhibit;
    if (exhibit === MICROSCOPE) {
      this.microscope.plane.resize();
      this.microscope.plane.draw();
      this.ready();
      return;
    }
    const view = this.shown[exhibit] ?? EXHIBITS[exhibit]();
    this.shown[exhibit] = view;
    if (refs.evidence.firstChild !== view.root) refs.evidence.replaceChildren(view.root);
    view.show(this);
    this.ready();
  }

  keep() {
    const show = this.isChosen && this.exhibit !== MICROSCOPE ? this.exhibit : null;
    const row = this.microscope.specimen?.row ?? null;
    const image = row === null || row === this.points?.index[0] ? null : String(row);
    const { model, preferred } = this.data;
    this.entries.keep(queryWith(location.search, { model, show, image }), model, preferred);
  }
}

/** A decoder that is too large for the browser. @type {(address: string) => Promise<{net: Decoder, many: null}>} */
async function outlineOf(address) {
  return { net: parseOutline(await fetchPayload(address)), many: null };
}

/** @type {(data: DiagnoseProps) => string} */
function versionOf({ decoder, points }) {
  return `${decoder} ${points ?? ""}`;
}
