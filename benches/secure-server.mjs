// Answers every request over TLS with the account that `whoami` asks for. It ends when its stdin closes.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [folder] = process.argv.slice(2);
const server = createServer(
  { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.pem`) },
  (request, response) => {
    const known = request.headers.authorization === 'Token key-of-the-bench';
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { id: '1', email: 'demo@brainmaps.test' } : { detail: 'Invalid token.' }));
  },
);
server.listen(0, '127.0.0.1', () => console.log(`https://localhost:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
