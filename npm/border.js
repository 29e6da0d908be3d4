// The border to Go; package jsbridge is the other side. An event and a list of commands cross it as one
// text each. Go runs only inside handle, and no code of the page does meanwhile.

import { instantiate } from 'toolchain:glue';

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
  return field.replaceAll(`${ESCAPE}a`, END).replaceAll(`${ESCAPE}b`, ESCAPE);
}

/**
 * @param {string} text
 * @returns {Command[]}
 */
function decode(text) {
  let fields = text.split(END);
  if (text.includes(ESCAPE)) fields = fields.map(read);
  const commands = [];
  for (let at = 0; at + 4 < fields.length;) {
    const data = at + 4;
    const end = data + Number(fields[at + 3]);
    commands.push({ what: fields[at], flow: Number(fields[at + 1]), number: Number(fields[at + 2]), data: fields.slice(data, end) });
    at = end;
  }
  return commands;
}

/**
 * The settings of a call as names and values in turn: s before a text, b before a boolean.
 * @param {Record<string, any>} settings
 */
const settingsFields = (settings) => Object.keys(settings).flatMap((name) => {
  const value = settings[name];
  if (typeof value === 'string') return [name, `s${value}`];
  return typeof value === 'boolean' ? [name, value ? 'b1' : 'b'] : [];
});

/**
 * Starts Go.
 * @param {WebAssembly.Module} module the compiled SDK
 * @returns {(head: unknown[], data: unknown[], settings?: object) => Command[]} hands Go an event, of which the head is type,
 *   flow, number, now and stored, and returns what follows
 */
export function start(module) {
  const handle = instantiate(module);
  return (head, data, settings) => {
    const list = settings ? settingsFields(settings) : [];
    let event = '';
    for (const field of [...head, list.length, ...list, ...data]) event += write(field);
    const commands = handle(event, settings);
    return commands ? decode(commands) : [];
  };
}
