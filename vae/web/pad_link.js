// The link to what the pad shows: the page's own address, and a copy of it to share.

import { button, element } from "./pad_dom.js";
import { replaceAddress, writeAddress } from "./pad_address.js";
import { defaultPlane } from "./pad_latent.js";
import { LAYERS } from "./pad_legend.js";

const COPIED_MS = 1600;

/** Keep the address at what the pad shows with `write()`; the share button copies the link. */
export function createLink(pad) {
  const { share } = pad.refs;
  share.onclick = async () => {
    if (!pad.net) return;
    const place = { ...placeOf(pad), model: pad.data.model };
    const link = `${location.origin}${location.pathname}${writeAddress(location.search, place)}`;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      showLink(pad.root, link);
      return;
    }
    share.textContent = "link copied";
    setTimeout(() => {
      share.textContent = "share";
    }, COPIED_MS);
  };
  const write = () => {
    if (!pad.beside && pad.root.dataset.z) replaceAddress(placeOf(pad));
  };
  return { write };
}

/** Where the pad is: z, and what of the view is not as a model's first view. */
function placeOf({ net, held, axes, map, layers, legend }) {
  const state = layers.state();
  const usual = Object.entries(LAYERS).every(([name, { on }]) => state[name] === on);
  return {
    z: held,
    axes: axes.name === defaultPlane(net.header).name ? null : axes.name,
    view: map.fitted ? null : map.plane.view(),
    layers: usual ? null : state,
    hidden: [...legend.hidden].sort((a, b) => a - b),
  };
}

// where the browser does not let a page write to the clipboard, the person copies by hand
function showLink(root, link) {
  const input = element("input", { type: "text", readOnly: true, value: link, "aria-label": "link" });
  const close = button("close", { onclick: () => dialog.close() });
  const title = element("h2", { textContent: "Copy this link" });
  const dialog = element("dialog", { class: "pad-help pad-link" }, title, input, close);
  dialog.onclose = () => dialog.remove();
  root.append(dialog);
  dialog.showModal();
  input.select();
}
