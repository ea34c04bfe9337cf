// Decodes one latent with each of the decoders in a file, and writes the images out as JSON.

import { readFileSync } from "node:fs";

import { decode, parseNetwork } from "../../vae/web/core/decoder.js";

const told = JSON.parse(readFileSync(process.argv[2], "utf8"));
const images = told.map(({ payload, z, label }) => {
  const net = parseNetwork(Uint8Array.from(Buffer.from(payload, "base64")).buffer);
  return [...decode(net, z, net.classes ? label : net.label)];
});
process.stdout.write(JSON.stringify(images));
