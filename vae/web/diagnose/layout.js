// The page's skeleton: the list of findings, and the place in the middle for what they show.

import { button, element, menu, setPressed } from "../parts/dom.js";

/** @import { DiagnoseProps, Finding } from "./props.js" */

/** @typedef {ReturnType<typeof buildDiagnose>} DiagnoseRefs */

/** @type {Record<string, string>} */
const MARK_WORDS = { fine: "fine", look: "look", wrong: "wrong", open: "not measured" };
/** @type {Record<string, string>} */
const MARK_SIGNS = { fine: "✓", look: "!", wrong: "✕", open: "·" };
const ABSENT = "This model's images are not on the server's machine: the microscope looks at images " +
  "that the model makes itself. `python -m vae datasets` says where images are looked for.";

/** @type {(root: HTMLElement) => {root: HTMLElement} & ReturnType<typeof parts>} */
export function buildDiagnose(root) {
  const refs = { root, ...parts() };
  const middle = element("div", { class: "dg-middle" }, refs.microscope, refs.evidence);
  root.replaceChildren(refs.notice, element("div", { class: "dg-page" }, refs.list, middle));
  return refs;
}

function parts() {
  const another = button("another image");
  const made = button("one that the model makes");
  const draw = button("draw one");
  const absent = element("p", { class: "dg-absent", textContent: ABSENT.replaceAll("`", ""), hidden: true });
  const classes = menu("class that the networks are told", [], () => {});
  const bar = element("div", { class: "dg-bar-top" }, another, made, draw, classes);
  return {
    another, made, draw, classes, absent, bar,
    notice: element("div", { class: "pad-notice", role: "alert", hidden: true }),
    list: element("nav", { class: "dg-list", "aria-label": "findings" }),
    microscope: element("div", { class: "dg-exhibit" }, bar, absent),
    evidence: element("section", { class: "dg-exhibit", hidden: true }),
  };
}

/**
 * Write the list; the buttons stay where the findings are the same ones.
 * @type {(refs: DiagnoseRefs, data: DiagnoseProps, chosen: string, choose: (exhibit: string) => void) => void}
 */
export function showFindings({ list }, { findings, working, measured }, chosen, choose) {
  const kept = Array.from(list.querySelectorAll("button"));
  const same = kept.length === findings.length && findings.every(({ exhibit }, k) => kept[k].dataset.exhibit === exhibit);
  const buttons = same ? kept : findings.map(({ exhibit }) =>
    element("button", { type: "button", class: "dg-finding", onclick: () => choose(exhibit) }));
  for (const [k, finding] of findings.entries()) fill(buttons[k], finding, chosen);
  const foot = element("p", { class: "dg-foot", textContent: working || measured, "aria-live": "polite" });
  if (same) list.lastElementChild?.replaceWith(foot);
  else list.replaceChildren(...buttons, foot);
}

/** @type {(made: HTMLElement, finding: Finding, chosen: string) => void} */
function fill(made, { exhibit, mark, line, note }, chosen) {
  made.dataset.exhibit = exhibit;
  made.dataset.mark = mark;
  setPressed(made, exhibit === chosen);
  const sign = element("span", { class: `dg-mark dg-mark-${mark}`, "aria-hidden": "true", textContent: MARK_SIGNS[mark] });
  const said = element("span", { class: "pad-live", textContent: `${MARK_WORDS[mark]}: ` });
  const words = element("span", { class: "dg-line", textContent: line });
  const under = element("span", { class: "dg-note", textContent: note });
  made.replaceChildren(sign, element("span", { class: "dg-words" }, said, words, under));
}
