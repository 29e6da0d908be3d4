// Starts a wasm program with the glue of the toolchain that built it, without a trace on the page:
// the glue sees a global object of its own, which falls back to the page's for what it lacks.

import loadGo from 'toolchain:wasm_exec';

/** What the glue would otherwise add to the page's globals, or look for in Node.js. */
const fs = {
  constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
  writeSync(_fd, bytes) {
    console.error(new TextDecoder().decode(bytes));
    return bytes.length;
  },
};

/**
 * Makes TinyGo's glue forget each call of a Go function when it returns. TinyGo has no finalizers,
 * so that the call's event, arguments and receiver would stay in the glue's table for good.
 */
function forgetCalls(go) {
  const release = go.importObject.gojs['syscall/js.finalizeRef'];
  go._makeFuncWrapper = (id) => function call(...args) {
    const event = { id, this: this, args };
    go._pendingEvent = event;
    go._resume();
    for (const value of [event, args, this]) {
      const ref = go._ids.get(value);
      if (ref !== undefined) release(ref);
    }
    return event.result;
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {object} host what Go finds as the global kakaowasmHost
 * @returns {object} the global object that Go sees
 */
export function instantiate(module, host) {
  const own = Object.assign(Object.create(null), { kakaowasmHost: host, fs, process: {}, require: null });
  const sandbox = new Proxy(own, {
    get: (_, name) => (name in own ? own[name] : globalThis[name]),
  });
  const Go = loadGo(sandbox, sandbox, sandbox, own.fs, own.process);
  const go = new Go();
  if (go.importObject.wasi_snapshot_preview1) forgetCalls(go); // only TinyGo's glue speaks WASI
  const running = go.run(new WebAssembly.Instance(module, go.importObject));
  running.catch((error) => console.error('KakaoError: the SDK has stopped.', error));
  return sandbox;
}
