// The records that the parts of a page hand to each other: what the payloads of `vae/export` say of
// themselves, and what is read from them. Types only; a browser never asks for this file.

/** @import { FlowStep } from "./flow.js" */
/** @import { Link } from "./links.js" */

/**
 * Numbers that are only read: a z, pixels, a row of the points' arrays.
 * @typedef {ArrayLike<number>} Numbers
 */

/**
 * Channels, height and width of an image.
 * @typedef {number[]} Shape
 */

/**
 * A mixture of normals with independent dimensions: a weight, a mean and a σ for each component.
 * @typedef {{weight: number[], loc: number[][], scale: number[][]}} Mixture
 */

/**
 * A log density at even steps over all of z, the first dimension fastest.
 * @typedef {{low: number[], high: number[], size: number[], log_density: number[] | Float32Array}} Grid
 */

/**
 * What is known of the latent space; values for each dimension, null where they are not known.
 * @typedef {object} Latent
 * @property {number[] | null} kl_per_dim nats, over the atlas' split
 * @property {string} prior
 * @property {boolean} rings whether circles about the origin are the prior's levels
 * @property {Mixture | null} mixture the prior's density, where the browser can tell it
 * @property {boolean} [by_class] whether the mixture's parts are the priors of the classes, in their order
 * @property {number[][]} [draws] stand for a prior whose density it cannot tell
 * @property {Grid} [grid] its log density, where z has one or two dimensions
 * @property {string} [drawn_by] what draws of a model without a prior's density come from
 * @property {{mean: number, spread: number}} [typical] of its log density over its own draws
 * @property {{loc: number[], tril: number[]}} [fitted] a normal of the codes, where there is no prior
 * @property {number[] | null} loc_mean of the posterior means of the encoded images
 * @property {number[] | null} loc_std
 * @property {number[] | null} scale_mean
 * @property {boolean[] | null} used
 * @property {number[][] | null} components two directions of largest variance
 */

/**
 * A network's header, without what only its own reader needs.
 * @typedef {object} NetworkHeader
 * @property {"decoder" | "encoder"} kind
 * @property {string} model
 * @property {number} z_dim
 * @property {Shape} image_shape
 * @property {boolean} has_density
 * @property {boolean} factorises
 * @property {boolean} normal
 * @property {boolean} [covariances] whether the map has them
 * @property {string} likelihood
 * @property {string} link from the decoder's output to the mean of a pixel
 * @property {string | null} noise how pixels are drawn, null where that is not known here
 * @property {number | number[] | null} scale σ of a pixel, or of each
 * @property {number} [components] of a mixture
 * @property {Latent} latent
 * @property {string[]} class_names
 * @property {number} n_atlas
 * @property {string | null} dataset
 * @property {string | null} split
 * @property {number} multiply_adds
 * @property {Readout} [readout] of an encoder
 * @property {unknown} [classifier] layers of q(y|x), of an encoder whose model infers classes
 * @property {Told} [told]
 * @property {boolean} [infers] whether the model has a classifier, which comes with the encoder
 * @property {[number, number] | null} [betas] lowest and highest β of a model that is told β
 * @property {RatePoint[] | null} [rates] what was measured at some of them
 */

/**
 * What was measured at a β: nats per image.
 * @typedef {object} RatePoint
 * @property {number} beta
 * @property {number} kl
 * @property {number} reconstruction
 * @property {number} active_units
 * @property {number[] | null} kl_per_dim
 */

/**
 * Where in an encoder's output something lies.
 * @typedef {[start: number, end: number]} Span
 */

/**
 * What an encoder's numbers say of a posterior: a σ for each dimension, a lower triangle, or what a
 * flow needs.
 * @typedef {object} Readout
 * @property {Span} loc
 * @property {Span | null} [log_scale]
 * @property {Span} [log_diagonal]
 * @property {Span} [below] the diagonal
 * @property {number} [bound] of the triangle's entries, or of a flow's splines
 * @property {Span} [context]
 * @property {number} [bins]
 * @property {number[][]} [noise] from which a flow's mean and covariance are computed
 * @property {unknown[]} [steps] the layers of each step
 */

/**
 * What a network is told of classes: how many there are, where their tables lie in the weights, and
 * how many numbers join its input.
 * @typedef {{classes?: number, added?: unknown, joined?: unknown, width?: number}} Told
 */

/**
 * A network that runs here; `run` returns its raw output in a buffer that the next call overwrites.
 * @typedef {object} Network
 * @property {NetworkHeader} header
 * @property {number} zDim
 * @property {Shape} shape
 * @property {number} macs
 * @property {Float32Array} pixels of a decoder
 * @property {Link | null} link of a decoder
 * @property {FlowStep[]} steps of an encoder whose posterior a flow bends
 * @property {number} classes that it is told, 0 for none
 * @property {number} label the class that it is told where a call names none
 * @property {(input: Numbers, label?: number | null) => Float64Array} run
 * @property {((pixels: Numbers) => Float64Array) | null} classify q(y|x) of each class; null for a
 *   decoder, and for a model that infers none
 * @property {(beta: number) => void} setBeta of a network that is told β
 * @property {number | null} [beta] the β that it was told, null where the model knows but one
 * @property {false} [remote]
 */

/**
 * A decoder that is too large for the browser: the server runs it.
 * @typedef {object} RemoteNetwork
 * @property {NetworkHeader} header
 * @property {number} zDim
 * @property {Shape} shape
 * @property {number} classes
 * @property {number} label
 * @property {number | null} [beta]
 * @property {true} remote
 */

/** @typedef {Network | RemoteNetwork} Decoder */

/**
 * A posterior of an image, as posterior.js says.
 * @typedef {object} Posterior
 * @property {Float64Array | Float32Array} loc
 * @property {Numbers | null} scale null where its width is not known here
 * @property {Numbers | null} tril lower triangle of a Cholesky factor of the covariance
 * @property {number[][][] | null} outline at 1σ and 2σ, differences from loc
 * @property {(() => Float64Array) | null} draw
 * @property {number | null} [label] the class that the encoder was told, if any
 * @property {number | null} [probability] of this class under q(y|x), where the model infers it
 * @property {boolean} [chosen] whether a person chose the class, which is else the likeliest one
 */

/**
 * What tells near from far: the rule's numbers, and for every `stride`-th image how far its own
 * neighbours are.
 * @typedef {{neighbours: number, stride: number, limit: number, reach: Float32Array}} Near
 */

/**
 * The encoded images: loc and scale hold count · zDim numbers, label −1 for none, index the
 * image's row in its split.
 * @typedef {object} Points
 * @property {number} count
 * @property {number} zDim
 * @property {Float32Array} loc
 * @property {Float32Array | null} scale
 * @property {Float32Array | null} [tril]
 * @property {{values: Float32Array, shape: number[]} | null} [outline] shape [rings, corners, 2]
 * @property {Int16Array} label
 * @property {Uint32Array} index
 * @property {Near | null} near
 */

/**
 * Places on a plane, in drawing order.
 * @typedef {{a: Float32Array, b: Float32Array}} Projected
 */

/**
 * From a coordinate of the plane to pixels: scale · value + shift.
 * @typedef {{scale: number, shift: number}} AxisMapping
 */

/**
 * Unit vectors to the right and upwards.
 * @typedef {{u: Numbers, v: Numbers}} Axes
 */

/**
 * A plane through z that has a name and a label for each axis.
 * @typedef {{name: string, u: Float64Array, v: Float64Array, labels: string[]}} Plane
 */

export {};
