// What the server is asked for once: a failure is an error, and is forgotten.

/** What an error says. @type {(error: unknown) => string} */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A sentence of its own of what the server says, which begins small and ends without a stop so that
 * it fits into other sentences.
 * @type {(said: string) => string}
 */
export function asSentence(said) {
  const text = said.trim();
  return text && `${text[0].toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? "" : "."}`;
}

/**
 * The server's answer; throws where it is not the thing that was asked for.
 * @type {(address: string, options?: RequestInit) => Promise<Response>}
 */
export async function fetchAnswer(address, options = {}) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer;
}

/**
 * `load(key)`, which gives a promise, called once for each key. A failure is forgotten, so that the
 * next call tries again; so is the oldest of more than `most`.
 * @type {<K, V>(load: (key: K) => Promise<V>, most?: number) => (key: K) => Promise<V>}
 */
export function remembered(load, most = Infinity) {
  /** @type {Map<Parameters<typeof load>[0], ReturnType<typeof load>>} */
  const kept = new Map();
  return (key) => {
    const there = kept.get(key);
    if (there) return there;
    const found = load(key);
    found.catch(() => kept.delete(key));
    putNewest(kept, key, found, most);
    return found;
  };
}

/**
 * Put an entry into a Map that holds so many at most; the oldest ones go.
 * @type {<K, V>(kept: Map<K, V>, key: K, value: V, most: number) => void}
 */
export function putNewest(kept, key, value, most) {
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(oldest);
  }
}
