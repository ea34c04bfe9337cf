// Payloads from the server, each fetched once a page; the browser keeps them by their address.

const payloads = new Map();

/** The bytes behind an address; a failure is forgotten, so that the next call tries again. */
export function fetchPayload(address) {
  if (!payloads.has(address)) {
    const bytes = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      return answer.arrayBuffer();
    });
    bytes.catch(() => payloads.delete(address));
    payloads.set(address, bytes);
  }
  return payloads.get(address);
}
