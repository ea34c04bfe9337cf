// Building blocks of the page: elements, buttons, switches. Text is only ever set as text.

/** Make an element; properties are set as such, names with a dash as attributes. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else if (name === "class") made.className = value;
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

export function button(text, properties = {}) {
  return element("button", { type: "button", class: "pad-button", textContent: text, ...properties });
}

/** A button that is on or off; `change(on)` is called when the person switches it. */
export function switchButton(text, on, change, properties = {}) {
  const made = button(text, { class: "pad-switch", ...properties });
  setPressed(made, on);
  made.onclick = () => {
    setPressed(made, !isPressed(made));
    change(isPressed(made));
  };
  return made;
}

export function setPressed(made, on) {
  made.setAttribute("aria-pressed", String(on));
}

export function isPressed(made) {
  return made.getAttribute("aria-pressed") === "true";
}

/** A row of buttons of which one is on; returns {root, set(value)}. */
export function choice(name, values, change) {
  const buttons = new Map();
  const set = (value) => buttons.forEach((made, key) => setPressed(made, key === value));
  for (const [value, text] of Object.entries(values)) {
    const made = button(text, { class: "pad-choice" });
    made.onclick = () => {
      set(value);
      change(value);
    };
    buttons.set(value, made);
  }
  set(Object.keys(values)[0]);
  const root = element("div", { class: "pad-choices", role: "group", "aria-label": name });
  root.append(...buttons.values());
  return { root, set, buttons };
}

/** A labelled menu; `options` are [value, text] pairs. */
export function menu(name, options, change) {
  const made = element("select", { class: "pad-menu", "aria-label": name });
  setOptions(made, options);
  made.onchange = () => change(made.value);
  return made;
}

export function setOptions(made, options) {
  made.replaceChildren(
    ...options.map(([value, text]) => element("option", { value, textContent: text })),
  );
}

/** A number as people read it: a true minus sign, a fixed number of digits. */
export function shownNumber(value, digits = 2) {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A vector in round brackets; long ones are cut after `most` numbers. */
export function shownVector(values, digits = 2, most = 6) {
  const numbers = Array.from(values.slice(0, most), (value) => shownNumber(value, digits));
  return `(${numbers.join(", ")}${values.length > most ? ", …" : ""})`;
}
