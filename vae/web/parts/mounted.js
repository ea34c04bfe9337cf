// A component's place on the page: filled once, told of each change, left when the place goes.

/**
 * What lives in a place: it hears of each change of the data, and `tell` reaches Python.
 * @template D
 * @typedef {object} View
 * @property {(name: string, value: unknown) => void} tell
 * @property {(data: D) => void | Promise<void>} update
 * @property {() => void} stop
 */

/**
 * What Streamlit hands over at each change.
 * @template D
 * @typedef {object} Call
 * @property {D} data
 * @property {HTMLElement} parentElement
 * @property {View<D>["tell"]} setStateValue
 * @property {View<D>["tell"]} setTriggerValue
 */

/**
 * What Streamlit calls, a component's default export. `make(parent, data)` gives what lives in a
 * place; its `tell(name, value)` reaches Python as a state, or once where `trigger` is true.
 * @type {<D>(make: (parent: HTMLElement, data: D) => View<D>, options?: {trigger?: boolean}) =>
 *   (call: Call<D>) => () => void}
 */
export function mounted(make, { trigger = false } = {}) {
  const places = new WeakMap();
  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    let view = places.get(parentElement);
    if (!view) {
      view = make(parentElement, data);
      places.set(parentElement, view);
    }
    view.tell = trigger ? setTriggerValue : setStateValue;
    view.update(data);
    return () => {
      view.stop();
      places.delete(parentElement);
    };
  };
}
