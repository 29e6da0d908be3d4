// What a driver of a browser does for the scenarios of engines.test.mjs, and what drivers share.

import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a driver waits for what must come, in milliseconds. */
export const LIMIT = 60_000;

/**
 * A window of a browser.
 * @typedef {object} Window
 * @property {(fn: Function, arg?: unknown) => Promise<any>} evaluate runs a function in the page, and answers what its promise does
 * @property {(fn: Function, arg?: unknown) => Promise<any>} waitForFunction runs it until it answers something true
 * @property {(selector: string) => Promise<void>} click waits for an element and clicks it, as a user does
 * @property {(address: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} back goes to the page before, as the browser's button does
 * @property {() => Promise<void>} close
 */

/**
 * A browser profile of its own.
 * @typedef {object} Profile
 * @property {(address: string) => Promise<Window>} open opens a window of the user's
 * @property {() => Promise<Window[]>} windows those that are open, and those that pages opened among them
 * @property {() => Promise<void>} close
 */

/**
 * A browser that runs.
 * @typedef {object} Browser
 * @property {() => Promise<Profile>} profile
 * @property {() => Promise<void>} close ends it
 */

/** Calls a function until what it answers is true, and returns that. It may fail meanwhile: documents come and go. */
export async function until(what, look) {
  let cause;
  for (const end = Date.now() + LIMIT; Date.now() < end; await delay(50)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`${what} did not come within ${LIMIT / 1000} s`, { cause });
}

/** The path of a program. Throws with the name of its Debian package if it is not there. */
export function program(path, { debian, variable }) {
  const used = process.env[variable] ?? path;
  if (existsSync(used)) return used;
  throw new Error(`${used} is not there. On Debian, tools/apt.sh ${debian} installs it; elsewhere ${variable} names it.`);
}
