// What every view that is a wall of pictures is made of; each says for itself what stands on the wall.

import { element } from "../parts/dom.js";
import { Wall } from "./wall.js";

/** @import { Generate } from "./generate.js" */

export class WallView {
  /** @param {Generate} page */
  constructor(page) {
    this.page = page;
    this.main = element("div", { class: "gen-view" });
    this.wall = new Wall(this.main, {
      open: (k, pressed) => page.card.open(this.wall, k, pressed),
      worked: (done) => page.drawn(done),
    });
    this.main.append(this.wall.root);
  }

  /** Draw others, as the key r does. */
  again() {
    this.page.reseed();
  }

  stop() {
    this.wall.stop();
  }

  resized() {
    this.wall.resized();
  }
}
