// The line between a peer and the Rust test that started it: one JSON document a line, requests on stdin, answers and
// reports on stdout. When stdin closes (the test ended, however it ended) the peer ends too.
import { createInterface } from 'node:readline';

/** Reports one fact: `{ready: …}`, `{secret: …}`, `{done: …}` or `{failed: …}`. */
export function report(fact) {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

/** Serves requests `{do: NAME, …}` by the functions in `commands` until stdin closes. */
export function serveRequests(commands) {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async (line) => {
    try {
      const request = JSON.parse(line);
      report({ done: (await commands[request.do](request)) ?? null });
    } catch (error) {
      report({ failed: String(error?.stack ?? error) });
    }
  });
  lines.on('close', () => process.exit(0));
}

/** The options of this peer, given as one JSON argument. */
export function options() {
  return JSON.parse(process.argv[2] ?? '{}');
}
