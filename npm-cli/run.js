'use strict';

// What bin/kakaowasm.js does once it knows that Node.js is new enough.

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { binaryPath } = require('./index.js');

/** The signals by which one ends a program; the child gets them, and this process ends after it. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function fail(error) {
  console.error(`kakaowasm: ${error.message}`);
  process.exit(1);
}

function run(file) {
  const child = spawn(file, process.argv.slice(2), { stdio: 'inherit' });
  // A terminal signals the whole group: the child has Ctrl-C already, and a second one would end it at once.
  for (const signal of SIGNALS) process.on(signal, () => { if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal); });
  child.once('error', (error) => fail(new Error(`${file} cannot be run (${error.code}): install @kakaowasm/cli again`)));
  // The exit code of a shell: 128 and the signal's number.
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

try {
  // Moving pages over is JavaScript's work, and needs no program.
  if (process.argv[2] === 'migrate') process.exitCode = require('./migrate.js').migrate(process.argv.slice(3));
  else run(binaryPath());
} catch (error) {
  fail(error);
}
