// Khronos' validator over files: node validate.mjs FILE… writes {file: issues} as JSON.

import { readFileSync } from "node:fs";
import { validateBytes } from "gltf-validator";

const found = {};
for (const file of process.argv.slice(2)) {
  const report = await validateBytes(new Uint8Array(readFileSync(file)), { maxIssues: 1000 });
  found[file] = report.issues;
}
process.stdout.write(JSON.stringify(found));
