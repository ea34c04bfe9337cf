// The browser's history on a page about one model: Back returns to the model before.

import { queryWith } from "./query.js";

/**
 * Keep the address of a page. `keep(query, model, preferred)` replaces the query; where the person
 * has chosen another model it begins a new entry, so that Back returns to the one before.
 * `preferred` is the model that an address without one stands for.
 * @type {() => {keep(query: string, model: string, preferred: string): void, stop(): void}}
 */
export function createModelEntries() {
  let written = "";
  /** @type {string | null} */
  let shown = null;
  /** @type {URLSearchParams | null} */
  let returned = null;
  const hear = () => {
    returned = new URLSearchParams(location.search);
  };
  window.addEventListener("popstate", hear);
  /** @type {(how: "replaceState" | "pushState", query: string) => void} */
  const go = (how, query) => {
    if (how === "replaceState" && query === location.search) return;
    history[how](history.state, "", `${location.pathname}${query}${location.hash}`);
  };
  /** @type {(query: string, model: string, preferred: string) => void} */
  const keep = (query, model, preferred) => {
    const came = returned !== null && (returned.get("model") ?? preferred) === model;
    const left = came || shown === model ? null : shown;
    if (left !== null) {
      // the framework has already written the new model into the entry that is left
      go("replaceState", queryWith(written, { model: left }));
      go("pushState", query);
    } else {
      go("replaceState", query);
    }
    // until the model of the entry is there, the one before may still be drawn
    if (came || left !== null) returned = null;
    [shown, written] = [model, query];
  };
  return { keep, stop: () => window.removeEventListener("popstate", hear) };
}
