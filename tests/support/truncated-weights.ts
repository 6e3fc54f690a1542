/**
 * @file An engine process whose weights are cut short while a network reads them, as when a download starts over. Arguments: a .safetensors file with a float32
 * tensor `weight` of 1048576 numbers. Ready once they are mapped; the first picture that is handed in cuts the file.
 */
import { truncateSync } from "node:fs";
import process from "node:process";
import type { ToEngine } from "#main/engine/host-protocol";
import { GraphBuilder } from "#main/ml/graph/graph-builder";
import { createMappedSessions } from "#main/ml/runtime/mapped-session";
import { tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";

const [, , file = ""] = process.argv;
const size = 2 ** 20;
const g = new GraphBuilder();
const weight = g.weight((await openCheckpoint(file)).scope().get("weight", [size]));
g.output("y", g.mul(g.input("x", "float32", [size]), weight));
const session = await createMappedSessions({ folder: "", minBytes: 0 })(g.build(), { device: "cpu", threads: 1 });

process.on("message", ({ type }: ToEngine) => {
  if (type === "init") process.send?.({ type: "ready" });
  if (type === "shutdown") process.exit(0);
  if (type !== "outside-image") return;
  const feeds = {
    // Asked for after the file was looked at and before it is read.
    get x() {
      truncateSync(file, 100);
      return tensor([size], new Float32Array(size));
    },
  };
  void session.run(feeds);
});
