// Starts a component in the browser. Above stand FOLDER, the address of all scripts, and ENTRY, the
// one of them whose default export is the component.
//
// The entry and all that it imports come in one answer: one request for each would take longer than
// all else that a page asks for. Each of them becomes a module of its own, once for all components.
// The page's head starts its first component early; that component then finds it here.

/** What has begun to come, by its address. @type {Map<string, Promise<unknown>>} */
const begun = (globalThis.explorerEntries ??= new Map());

/** Where the browser has a script, by its full name. @type {Map<string, string>} */
const places = (globalThis.explorerScripts ??= new Map());

/** A script's module, which comes with all that it imports. @type {(address: string) => Promise<any>} */
async function bring(address) {
  const answer = await fetch(address, { priority: "low" });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const { digest, scripts } = await answer.json();
  let place;
  for (const [path, ...parts] of scripts) {
    const name = `${digest}/${path}`;
    place = places.get(name);
    if (place) continue;
    // text, path, text, …: each path is one of a script that came before
    const text = parts.map((part, i) => (i % 2 ? JSON.stringify(places.get(`${digest}/${part}`)) : part));
    text.push(`\n//# sourceURL=${location.origin}/scripts/${name}`);
    place = URL.createObjectURL(new Blob(text, { type: "text/javascript" }));
    places.set(name, place);
  }
  return import(place);
}

// a component asks by it for a script that it needs later
globalThis.explorerScript = bring;

/** @type {(error: Error) => (call: {parentElement: HTMLElement}) => void} */
function sayWhy({ message }) {
  begun.delete(FOLDER + ENTRY);
  return ({ parentElement }) => {
    parentElement.querySelector("div").textContent =
      `This part of the page could not be loaded: ${message}. Reload the page.`;
  };
}

if (!begun.has(FOLDER + ENTRY)) {
  begun.set(FOLDER + ENTRY, bring(FOLDER + ENTRY).then((entry) => entry.default));
}
export default await begun.get(FOLDER + ENTRY).catch(sayWhy);
