// What shows a lesson, by the name that its Python file says.

import { mount as beta } from "./beta/beta.js";
import { mount as cloud } from "./cloud/cloud.js";
import { mount as compression } from "./compression/compression.js";
import { mount as elbo } from "./elbo/elbo.js";
import { mount as holes } from "./holes/holes.js";
import { mount as numbers } from "./numbers/numbers.js";
import { mount as reparameterization } from "./reparameterization/reparameterization.js";
import { mount as toy } from "./toy/toy.js";
import { mount as uses } from "./uses/uses.js";

/** @import { MountExhibit } from "./exhibit.js" */

/** @type {Record<string, MountExhibit>} */
export const EXHIBITS = {
  toy,
  compression,
  holes,
  cloud,
  reparameterization,
  beta,
  elbo,
  uses,
  numbers,
};
