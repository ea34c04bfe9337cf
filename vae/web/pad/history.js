// The browser's history: Back returns to a place that was held for a while, and to the model before.
//
// The framework listens to the same event and sets what is bound to the address (the models) on
// the server; z and the view are ours, and are set here at once.

/**
 * @typedef {object} PadHistory
 * @property {(query: string, moved: boolean) => void} rewrite
 * @property {(before: string, after: string) => void} leave
 * @property {() => void} stop
 */

const LASTING_MS = 3000; // a place that was held for longer is one to come back to

/**
 * Keep the address. `rewrite(query, moved)` replaces the query of this entry, or begins a new entry
 * where z `moved` away from a place that lasted; `leave(before, after)` always begins one.
 * `returned(search)` is called when the person goes back or forth to an entry of this page.
 * @type {(returned: (search: string) => void) => PadHistory}
 */
export function createHistory(returned) {
  const page = pageOf(location.pathname);
  let since = performance.now();
  /** @type {(how: "pushState" | "replaceState", query: string) => void} */
  const go = (how, query) => {
    history[how](how === "pushState" ? {} : history.state, "", addressWith(query));
  };
  /** @type {(query: string, moved: boolean) => void} */
  const rewrite = (query, moved) => {
    const now = performance.now();
    const lasted = moved && now - since >= LASTING_MS;
    if (moved) since = now;
    if (query !== location.search) go(lasted ? "pushState" : "replaceState", query);
  };
  // the framework has already written another model into the entry that is left
  /** @type {(before: string, after: string) => void} */
  const leave = (before, after) => {
    go("replaceState", before);
    go("pushState", after);
    since = performance.now();
  };
  const hear = () => {
    if (pageOf(location.pathname) !== page) return;
    // whoever came back to an entry wants it kept, however soon the hand moves on
    since = -Infinity;
    returned(location.search);
  };
  window.addEventListener("popstate", hear);
  return { rewrite, leave, stop: () => window.removeEventListener("popstate", hear) };
}

/** @type {(query: string) => string} */
function addressWith(query) {
  return `${location.pathname}${query}${location.hash}`;
}

// the first page has two addresses
/** @type {(path: string) => string} */
function pageOf(path) {
  return path.replace(/\/(explore\/?)?$/, "");
}
