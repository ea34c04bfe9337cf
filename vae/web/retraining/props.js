// What Python tells the component. Types only; a browser never asks for this file.

/**
 * One map, as it lies over the others.
 * @typedef {object} RetrainedMap
 * @property {string} title which member of the sweep it is
 * @property {string} places base64 of uint16 (count, 2), steps from `extent`'s lower to upper ends
 * @property {string | null} near base64 of uint16 (count, neighbours), the images nearest to each among
 *   all dimensions; null where the plane shows all of them, so that nearness on it is nearness
 */

/**
 * What Python says, see ui/components/retrained_maps.py.
 * @typedef {object} RetrainedProps
 * @property {number} count images, the same in each map
 * @property {RetrainedMap[]} maps
 * @property {number[]} extent of all maps together: [lowest x, highest x, lowest y, highest y]
 * @property {string} labels base64 of int16 (count), −1 for none
 * @property {string} rows base64 of uint32 (count), each image's row in its split
 * @property {string} stays base64 of uint8 (count), the share of neighbours kept, 255 for all
 * @property {number} neighbours
 * @property {string[]} classes
 * @property {string | null} originals address below which the images are
 */

export {};
