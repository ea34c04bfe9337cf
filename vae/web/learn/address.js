// What the address says of the lessons: which one, how it stands, whether for a projector.

import { queryWith } from "../parts/query.js";

/** Names that are not of an exhibit's state. */
const OTHERS = ["lesson", "projector", "model", "large", "beside"];

/** @typedef {{lesson: string | null, projector: boolean, state: Record<string, string>}} Asked */

/** @type {(search: string) => Asked} */
export function readAddress(search) {
  const query = new URLSearchParams(search);
  const state = Object.fromEntries([...query].filter(([name]) => !OTHERS.includes(name)));
  return { lesson: query.get("lesson"), projector: query.get("projector") === "1", state };
}

/**
 * The address with some of a lesson's state replaced.
 * @type {(search: string, state: Record<string, string | null>) => string}
 */
export function withState(search, state) {
  return queryWith(search, state);
}

/** The address of another lesson: what the last one kept there goes. @type {(search: string, lesson: string) => string} */
export function withLesson(search, lesson) {
  const { state } = readAddress(search);
  const gone = Object.fromEntries(Object.keys(state).map((name) => [name, null]));
  return queryWith(search, { ...gone, lesson });
}

/** @type {(search: string, on: boolean) => string} */
export function withProjector(search, on) {
  return queryWith(search, { projector: on ? "1" : null });
}

/** How large type is to be read: it grows with a screen beyond a usual one. @type {(width: number) => number} */
export function readingScale(width) {
  return Math.min(2, Math.max(1, width / 1920));
}

/** How large type is on a projector: it grows with the screen. @type {(width: number) => number} */
export function projectedScale(width) {
  return Math.min(2, Math.max(1.25, width / 1250));
}
