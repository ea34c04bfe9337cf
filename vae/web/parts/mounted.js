// A component's place on the page: filled once, told of each change, left when the place goes.

/**
 * What Streamlit calls, a component's default export. `make(parent, data)` gives what lives in a
 * place; its `tell(name, value)` reaches Python as a state, or once where `trigger` is true.
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
