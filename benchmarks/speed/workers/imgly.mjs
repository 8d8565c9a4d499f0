// A process that cuts out photos with @imgly/background-removal-node, model "medium" (the same ISNet).
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.cwd() + "/");
const { removeBackground } = await import(pathToFileURL(require.resolve("@imgly/background-removal-node")).href);
const answer = (value) => process.stdout.write(JSON.stringify(value) + "\n");
answer({ ready: performance.now() / 1000 });
for await (const line of createInterface({ input: process.stdin })) {
  const photo = new Blob([await readFile(JSON.parse(line).photo)], { type: "image/jpeg" });
  const started = performance.now();
  const cutout = await removeBackground(photo, { model: "medium", output: { format: "image/png" } });
  const bytes = (await cutout.arrayBuffer()).byteLength;
  answer({ seconds: (performance.now() - started) / 1000, bytes });
}
