/** A machine, as `process.platform` and `process.arch` name it. The machine that this runs on, if left out. */
export interface Machine {
  platform?: string | undefined;
  arch?: string | undefined;
  /** The environment, in which KAKAOWASM_BINARY may name another program. */
  env?: Record<string, string | undefined> | undefined;
}

/** What {@link binaryPath} throws: a message of one sentence that says what to do. */
export interface BinaryError extends Error {
  /** 'no_binary': there is none for the machine, or it is not installed. 'version_mismatch': it is of another version. */
  code: 'no_binary' | 'version_mismatch';
}

/**
 * The absolute path of the program `kakaowasm` for a machine, to be run with `child_process`.
 * @throws {BinaryError}
 */
export function binaryPath(machine?: Machine): string;

/** The machines that there are programs for, such as 'linux-x64'. */
export const platforms: readonly string[];
