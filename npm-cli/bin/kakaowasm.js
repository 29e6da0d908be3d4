#!/usr/bin/env node
'use strict';

// Runs the program that was built for this machine, as if it had been called itself: with the same
// arguments, input, output and signals, and with its exit code. The syntax is old on purpose, so that
// an old Node.js can still say that it is too old.

var oldest = 18;
if (Number(process.versions.node.split('.')[0]) < oldest) {
  console.error('kakaowasm: expected Node.js ' + oldest + ' or newer, this is ' + process.versions.node + '; install a newer one from https://nodejs.org');
  process.exit(1);
}

require('../run.js');
