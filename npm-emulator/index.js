// The emulator for tests in JavaScript: starts the program and speaks to its console.

import { connect, EmulatorError } from './world.js';
import { start } from './program.js';

export { EmulatorError };

/**
 * Starts an emulator and waits until it answers.
 * @param {import('./index.js').EmulatorOptions} [options]
 * @returns {Promise<import('./index.js').Emulator>}
 * @throws {EmulatorError} if the program cannot be found or started, or the seed has mistakes
 */
export async function createEmulator(options = {}) {
  const { seed, url } = options;
  const program = url ? undefined : await start(options);
  const world = connect(url ?? program.origin, 'default');
  try {
    if (seed && typeof seed !== 'string') await world.load(seed);
  } catch (error) {
    await program?.stop();
    throw error;
  }
  return emulator(world, program);
}

/** A world with what only a whole emulator can do. */
function emulator(world, program) {
  const made = new Map();
  const close = async () => {
    if (program) await program.stop();
    else await Promise.allSettled([...made.values()].map((other) => other.close()));
  };
  return Object.assign(world, {
    /** A world of this name, with the start state of the first one or with a seed of its own. */
    async world(name, seed) {
      const { origin } = await world.request('POST', 'worlds', { name, ...(seed && { seed }) });
      const other = connect(origin, name);
      other.close = async () => {
        made.delete(name);
        await world.request('DELETE', `worlds/${encodeURIComponent(name)}`);
      };
      other[Symbol.asyncDispose] = other.close;
      made.set(name, other);
      return other;
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}
