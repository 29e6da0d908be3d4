// Starting and ending the program.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EmulatorError } from './world.js';

/** The line by which the program says that it answers. */
const READY = /^Kakao emulator on (\S+?),/;

/** How long the program may take to answer, and to end, in milliseconds. */
const START = 30_000;
const END = 10_000;

/**
 * Runs `kakaowasm emulate`.
 * @returns {Promise<{origin: string, stop(): Promise<void>}>}
 */
export async function start({ port = 0, seed, redirectUris = [], binary, args = [] }) {
  const flags = ['emulate', '--addr', `127.0.0.1:${port}`, ...redirectUris.flatMap((uri) => ['--redirect-uri', uri])];
  if (typeof seed === 'string') flags.push('--seed', seed);
  const file = binary ?? await binaryPath();
  const child = spawn(file, [...flags, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  const gone = new Promise((resolve) => { child.once('exit', resolve); child.once('error', resolve); });
  gone.then(() => process.removeListener('exit', end));
  const stop = () => ended(child, gone);
  try {
    return { origin: await ready(child, file), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The program of the package @kakaowasm/cli, or the one that KAKAOWASM_BINARY names. */
async function binaryPath() {
  const { default: cli } = await import('@kakaowasm/cli');
  try {
    return cli.binaryPath();
  } catch (error) {
    throw new EmulatorError(`${error.message}; or name a program that is there, with the option binary or the variable KAKAOWASM_BINARY`, { cause: error });
  }
}

/** Waits for the address. What the program complains of is told if it ends before. */
function ready(child, file) {
  const said = [];
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new EmulatorError([why, ...said.slice(-20)].join('\n')));
    const late = setTimeout(() => fail(`${file} did not answer within ${START / 1000} seconds`), START);
    child.once('error', (error) => { clearTimeout(late); fail(`${file} could not be started: ${error.message}`); });
    child.once('close', (code) => { clearTimeout(late); fail(`${file} ended with code ${code}`); });
    createInterface({ input: child.stderr }).on('line', (line) => { said.push(line); said.splice(0, said.length - 20); });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const origin = READY.exec(line)?.[1];
      if (!origin) return;
      clearTimeout(late);
      resolve(origin);
    });
  });
}

async function ended(child, gone) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const late = setTimeout(() => child.kill('SIGKILL'), END);
  child.kill();
  await gone;
  clearTimeout(late);
}
