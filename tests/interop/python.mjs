// Runs a peer in Python, `{"script": "x.py", …}`, with the packages of requirements.txt. It gets the options, stdin and stdout.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { script } = JSON.parse(process.argv[2]);
const python = process.env.INTEROP_PYTHON ?? path('../../target/interop-python/bin/python');
const child = spawn(python, [path(script), process.argv[2]], { stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
