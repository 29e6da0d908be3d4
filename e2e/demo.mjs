// Starts `kakaowasm demo`, as make demo does.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SDK } from './site.mjs';

/** Starts the demo on free ports, with more arguments, and returns its address; `close` ends it and returns its exit code. */
export async function startDemo(more = []) {
  const demo = spawn('dist/kakaowasm', ['demo', '--addr', '127.0.0.1:0', '--sdk-dir', SDK, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { demo.once('exit', resolve); });
  for await (const line of createInterface({ input: demo.stdout })) {
    const [, origin] = /open\s+(http:\S+)/.exec(line) ?? [];
    if (origin) return { origin, close: () => { demo.kill('SIGTERM'); return ended; } };
  }
  throw new Error('the demo ended without saying its address');
}
