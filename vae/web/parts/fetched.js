// What the server is asked for once: a failure is an error, and is forgotten.

/** The server's answer; throws where it is not the thing that was asked for. */
export async function fetchAnswer(address, options = {}) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

/**
 * `load(key)`, which gives a promise, called once for each key. A failure is forgotten, so that the
 * next call tries again; so is the oldest of more than `most`.
 */
export function remembered(load, most = Infinity) {
  const kept = new Map();
  return (key) => {
    let found = kept.get(key);
    if (!found) {
      found = load(key);
      found.catch(() => kept.delete(key));
      putNewest(kept, key, found, most);
    }
    return found;
  };
}

/** Put an entry into a Map that holds so many at most; the oldest ones go. */
export function putNewest(kept, key, value, most) {
  kept.set(key, value);
  while (kept.size > most) kept.delete(kept.keys().next().value);
}
