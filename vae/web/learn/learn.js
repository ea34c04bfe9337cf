// Learn: one lesson on a screen, its exhibit answering to the hand; the next one a press away.

import { openDecoder, openEncoder, openPoints } from "../opened/networks.js";
import { copyLink } from "../parts/copy.js";
import { find, isPressed, setPressed } from "../parts/dom.js";
import { messageOf, remembered } from "../parts/fetched.js";
import { hearKeys } from "../parts/help.js";
import { mounted } from "../parts/mounted.js";
import { showSentence } from "../parts/sentence.js";
import { watchSize } from "../parts/size_watch.js";
import { readTheme } from "../parts/theme.js";
import { typeScale } from "../parts/type_scale.js";
import { projectedScale, readAddress, readingScale, withLesson, withProjector, withState } from "./address.js";
import { exhibitAt } from "./exhibits.js";
import { fillIn } from "./fill_in.js";
import { fitFormula, fitWords } from "./fit.js";
import { lightSymbols, listenToSymbols, mathLine } from "./formula.js";
import { buildLearn, showDots, showFoot } from "./layout.js";
import { paragraphElements } from "./pieces.js";
import { questionElement } from "./question.js";
import { sourceElements } from "./source.js";

/** @import { Exhibit, MountExhibit, Opened } from "./exhibit.js" */
/** @import { Lesson, LearnProps } from "./props.js" */
/** @import { Theme } from "../parts/theme.js" */

const NARROW = 760; // CSS pixels of the page below which words stand under the exhibit
const BROAD = 900; // beyond which dots and buttons stand beside the page's sentence
const REST_MS = 400; // after which what is seen is said

const lessonAt = remembered(async (/** @type {string} */ address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error((await answer.text()) || `the server answered ${answer.status}`);
  return /** @type {Lesson} */ (await answer.json());
});

export default mounted((parent, data) => new Learn(parent, data));

export class Learn {
  /** @type {(name: string, value: unknown) => void} */
  tell = () => {};
  /** @type {Exhibit | null} */
  exhibit = null;
  /** @type {Lesson | null} */
  lesson = null;
  /** @type {Theme | null} */
  theme = null;
  shown = "";
  #saying = 0;

  /** @param {HTMLElement} parent @param {LearnProps} data */
  constructor(parent, data) {
    this.root = find(parent, ".pad-host");
    this.data = data;
    Object.assign(this.root.dataset, { testid: "learn", ready: "false" });
    this.root.classList.add("learn");
    this.refs = buildLearn(this.root, data);
    const { refs } = this;
    refs.previous.onclick = () => this.step(-1);
    refs.next.onclick = () => this.step(1);
    refs.codeButton.onclick = () => this.showCode(Boolean(refs.code.hidden));
    refs.projector.onclick = () => this.project(!isPressed(refs.projector));
    refs.share.onclick = () => copyLink(this.root, refs.share, location.search);
    this.stopKeys = hearKeys((key, target) => this.#key(key, target));
    this.page = location.pathname;
    window.addEventListener("popstate", this.#returned);
    this.sizes = [
      watchSize(this.root, () => this.#resized()),
      watchSize(refs.exhibit, () => this.exhibit?.resized()),
    ];
  }

  stop() {
    this.shown = "";
    this.exhibit?.stop();
    this.stopKeys();
    window.removeEventListener("popstate", this.#returned);
    for (const size of this.sizes) size.disconnect();
    clearTimeout(this.#saying);
    document.documentElement.style.removeProperty("--type-scale");
  }

  /** @type {(data: LearnProps) => void} */
  update(data) {
    this.data = data;
    this.theme = readTheme(this.root);
    this.root.classList.toggle("pad-dark", this.theme.dark);
    this.exhibit?.setTheme(this.theme);
    if (this.shown) return;
    if (readAddress(location.search).projector) this.project(true);
    this.#open();
  }

  /** Show the lesson that the address says. */
  #open() {
    const { data: { lessons, words }, refs } = this;
    const { lesson, state } = readAddress(location.search);
    const known = lesson !== null && lessons.some(({ name }) => name === lesson);
    const unknown = lesson !== null && !known;
    showSentence(refs, unknown ? fillIn(words.unknown, { lesson: lesson.slice(0, 40) }) : null);
    this.go(known ? lesson : lessons[0].name, known ? state : {});
  }

  /** The person went back or forth to a lesson that was looked at before. */
  #returned = () => {
    const { lesson } = readAddress(location.search);
    if (location.pathname === this.page && (lesson ?? this.data.lessons[0].name) !== this.shown) this.#open();
  };

  /** @returns {number} */
  get at() {
    return this.data.lessons.findIndex(({ name }) => name === this.shown);
  }

  /** @type {(by: number) => void} */
  step(by) {
    const next = this.data.lessons[this.at + by];
    if (next) this.turnTo(next.name);
  }

  /** Show another lesson from its beginning. @type {(name: string) => void} */
  turnTo(name) {
    if (name === this.shown) return;
    showSentence(this.refs, null);
    // a lesson is a place to come back to; how it stands is not
    this.#write(withLesson(location.search, name), "pushState");
    this.go(name, {}).then(() => this.refs.title.focus({ preventScroll: true }));
    this.root.scrollTop = 0;
  }

  /** @type {(name: string, state: Record<string, string>) => Promise<void>} */
  async go(name, state) {
    const { data, refs } = this;
    this.shown = name;
    Object.assign(this.root.dataset, { ready: "false", lesson: name });
    refs.exhibit.dataset.waiting = data.words.waiting;
    showDots(refs.dots, data.lessons, name, (other) => this.turnTo(other));
    showFoot(refs, data.lessons, this.at, data.words);
    const entry = data.lessons[this.at];
    refs.title.textContent = entry.title;
    try {
      const [lesson, mount] = await Promise.all([lessonAt(entry.address), exhibitAt(entry.exhibit)]);
      if (this.shown !== name) return;
      this.#show(lesson);
      this.#mount(mount, lesson, state);
      this.#bringNext();
    } catch (error) {
      if (this.shown === name) this.#fail(error, state);
    }
  }

  /** @type {(lesson: Lesson) => void} */
  #show(lesson) {
    const { refs, data } = this;
    this.lesson = lesson;
    refs.sentence.textContent = lesson.sentence;
    refs.text.replaceChildren(...paragraphElements(lesson.paragraphs));
    refs.formula.replaceChildren(...lesson.formula.map(mathLine));
    refs.meaning.textContent = data.words.point;
    refs.codeButton.hidden = !lesson.sources.length;
    refs.code.replaceChildren(...sourceElements(lesson.sources, data.words.code_note));
    this.showCode(false);
    refs.question.replaceChildren(...(lesson.question ? [questionElement(lesson.question, data.words, (answer) => this.#answered(answer))] : []));
    for (const part of [refs.formula, refs.text]) this.#listen(part);
  }

  /** @type {(mount: MountExhibit, lesson: Lesson, state: Record<string, string>) => void} */
  #mount(mount, lesson, state) {
    this.exhibit?.stop();
    this.exhibit = null;
    this.refs.exhibit.className = `learn-exhibit learn-exhibit-${lesson.exhibit}`;
    this.refs.exhibit.replaceChildren();
    this.#resized();
    const of = (/** @type {() => void} */ act) => () => this.lesson === lesson && act();
    this.exhibit = mount(this.refs.exhibit, {
      facts: lesson.facts,
      words: lesson.words,
      data: lesson.data,
      asked: state,
      theme: this.theme ?? readTheme(this.root),
      open: (role) => openModel(lesson, role),
      keep: (kept) => of(() => this.#write(withState(location.search, kept)))(),
      say: (sentence) => of(() => this.#say(sentence))(),
      light: (symbol) => of(() => this.#lit(symbol))(),
      ready: of(() => {
        this.root.dataset.ready = "true";
      }),
      fail: (error) => of(() => this.#fail(error, state))(),
    });
  }

  /** @type {(error: unknown, state: Record<string, string>) => void} */
  #fail(error, state) {
    const sentence = `${this.data.words.failed} ${messageOf(error)}`;
    this.refs.exhibit.dataset.waiting = "";
    showSentence(this.refs, sentence, () => {
      showSentence(this.refs, null);
      this.go(this.shown, state);
    });
  }

  /** The lesson that will be asked for next comes while this one is looked at. */
  #bringNext() {
    const next = this.data.lessons[this.at + 1];
    // they are asked for again, and then say why, if that fails
    if (next) Promise.all([lessonAt(next.address), exhibitAt(next.exhibit)]).catch(() => {});
  }

  /** @type {(answer: HTMLElement) => void} */
  #answered(answer) {
    this.#listen(answer);
    this.#fit();
  }

  // ---- symbols -----------------------------------------------------------------------------

  /** @type {(part: HTMLElement) => void} */
  #listen(part) {
    listenToSymbols(part, (symbol) => {
      this.#lit(symbol);
      this.exhibit?.light(symbol);
    });
  }

  /** @type {(symbol: string | null) => void} */
  #lit(symbol) {
    lightSymbols(this.root, symbol);
    this.refs.meaning.textContent = (symbol && this.lesson?.symbols[symbol]) || this.data.words.point;
  }

  /** @type {(sentence: string) => void} */
  #say(sentence) {
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.refs.said.textContent = sentence), REST_MS);
  }

  // ---- the page ------------------------------------------------------------------------------

  /** @type {(on: boolean) => void} */
  showCode(on) {
    this.refs.code.hidden = !on;
    this.refs.codeButton.setAttribute("aria-expanded", String(on));
    this.root.classList.toggle("learn-with-code", on);
    this.#fit();
  }

  /** Large type on the whole screen. @type {(on: boolean) => void} */
  project(on) {
    setPressed(this.refs.projector, on);
    this.root.classList.toggle("learn-projected", on);
    this.#write(withProjector(location.search, on));
    this.#resized();
  }

  /** @type {(query: string, how?: "replaceState" | "pushState") => void} */
  #write(query, how = "replaceState") {
    if (query === location.search) return;
    history[how](how === "pushState" ? {} : history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  /** A large screen gets larger type, and a projector on any. */
  #setType() {
    const { style } = document.documentElement;
    style.removeProperty("--type-scale");
    const [usual, wide] = [typeScale(), window.innerWidth];
    const scale = isPressed(this.refs.projector) ? projectedScale(wide) : usual * readingScale(wide);
    if (scale !== usual) style.setProperty("--type-scale", String(scale));
  }

  #resized() {
    this.#setType();
    const width = this.root.clientWidth;
    this.root.classList.toggle("learn-narrow", width < NARROW);
    this.root.classList.toggle("learn-broad", width > BROAD * typeScale());
    this.#fit();
  }

  #fit() {
    fitWords(this.refs.told, !this.root.classList.contains("learn-narrow"));
    fitFormula(this.refs.formula);
  }

  /** @type {(key: string, target: HTMLElement) => (() => void) | undefined} */
  #key(key, target) {
    if (key === "Escape" && isPressed(this.refs.projector)) return () => this.project(false);
    if (key === "PageDown" || key === "n") return () => this.step(1);
    if (key === "PageUp" || key === "p") return () => this.step(-1);
    if (/^\d$/.test(key) && target === document.body) {
      const entry = this.data.lessons[Number(key)];
      return entry && (() => this.turnTo(entry.name));
    }
    return undefined;
  }
}

/** @type {(lesson: Lesson, role: string) => Promise<Opened>} */
async function openModel(lesson, role) {
  const props = lesson.models[role];
  if (!props) throw new Error(`the lesson ${lesson.name} has no model ${role}`);
  const [{ net, many }, encoder, points] = await Promise.all([
    openDecoder(props.decoder),
    openEncoder(props.encoder),
    props.points ? openPoints(props.points) : null,
  ]);
  return { net, many, encoder, points, props };
}
