// The border to Go; package jsbridge is the other side. An event and a list of commands cross it as one
// text each. Go runs only inside handle, and no code of the page does meanwhile.

import { instantiate } from './glue.js';

/**
 * One thing that Go wants done: what, the numbers of its flow and its own, and names and values in turn.
 * @typedef {{what: string, flow: number, number: number, data: string[]}} Command
 */

/** What ends a field, what escapes it, and what both are written as. */
const END = '\0';
const ESCAPE = '\x01';
const SPECIAL = /[\0\x01]/;

/** @param {unknown} field */
function write(field) {
  const text = String(field);
  if (!SPECIAL.test(text)) return text + END;
  return text.replaceAll(ESCAPE, `${ESCAPE}b`).replaceAll(END, `${ESCAPE}a`) + END;
}

/** @param {string} field */
function read(field) {
  return field.includes(ESCAPE) ? field.replaceAll(`${ESCAPE}a`, END).replaceAll(`${ESCAPE}b`, ESCAPE) : field;
}

/**
 * @param {string} text
 * @returns {Command[]}
 */
function decode(text) {
  const fields = text.split(END).map(read);
  const commands = [];
  for (let at = 0; at + 4 <= fields.length - 1;) {
    const [what, flow, number, count] = fields.slice(at, at + 4);
    at += 4;
    commands.push({ what, flow: Number(flow), number: Number(number), data: fields.slice(at, at + Number(count)) });
    at += Number(count);
  }
  return commands;
}

/**
 * Starts Go.
 * @param {WebAssembly.Module} module the compiled SDK
 * @returns {(fields: unknown[], settings?: object) => Command[]} hands Go an event, and returns what follows
 */
export function start(module) {
  /** @type {{event: string, settings?: object, commands: string}} */
  const host = { event: '', commands: '' };
  const { handle } = instantiate(module, host);
  return (fields, settings) => {
    host.event = fields.map(write).join('');
    host.settings = settings;
    handle();
    const { commands } = host;
    host.event = host.commands = '';
    host.settings = undefined;
    return commands ? decode(commands) : [];
  };
}
