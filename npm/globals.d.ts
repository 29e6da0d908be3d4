// What the build puts in: see build.mjs.
declare const __KAKAOWASM_VERSION__: string;
declare const __KAKAOWASM_BYTES__: string;

declare module '*.wat' {
  /** The assembled module, one character a byte. */
  const bytes: string;
  export default bytes;
}

declare module 'toolchain:glue' {
  /** That of glue.go.js or glue.tinygo.js. */
  export function instantiate(module: WebAssembly.Module): (event: string, settings?: object) => string;
}

declare module 'toolchain:wasm_exec' {
  /** The glue of the toolchain that built the wasm, as a function of the globals that it may see. */
  export default function load(
    globalThis: object, global: object, window: object, fs: object, process: object, require: object | null,
    textEncoder: unknown, textDecoder: unknown,
  ): new () => { importObject: WebAssembly.Imports; exited?: boolean; run(instance: WebAssembly.Instance): Promise<unknown> };
}

// What a script may find where there are CommonJS or AMD modules.
declare const exports: object | undefined;
declare const module: object | undefined;
declare const define: (((names: string[], factory: (exports: object) => unknown) => void) & { amd?: unknown }) | undefined;
