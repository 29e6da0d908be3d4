// What the SDK takes for granted, taken away: each has an error of its own, and a second init can succeed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, clickLogin, heard, initialize, logInAtPlatform, login, openPage, request, token, useSite } from './site.mjs';

/** What init throws, or nothing. */
const init = (page, site) => page.evaluate(({ key, server, platform }) => {
  try {
    Kakao.init(key, { server, authHost: platform, apiHost: platform });
    return undefined;
  } catch ({ name, code, hint, message }) {
    return { name, code, hint: Boolean(hint), message };
  }
}, { key: site.appKey, server: `${site.page}/kakao`, platform: site.platform });

describe('what the SDK needs', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  for (const [name, { take, give, code }] of Object.entries({
    'no WebAssembly: Lockdown Mode': {
      take: () => { window.kept = WebAssembly; delete window.WebAssembly; },
      give: () => { window.WebAssembly = window.kept; },
      code: 'no_webassembly',
    },
    'no memory for the instance': {
      take: () => {
        window.kept = WebAssembly.Instance;
        WebAssembly.Instance = class { constructor() { throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory'); } };
      },
      give: () => { WebAssembly.Instance = window.kept; },
      code: 'out_of_memory',
    },
    'no memory for the bytes': {
      take: () => { window.kept = Uint8Array; window.Uint8Array = class { constructor() { throw new RangeError('Array buffer allocation failed'); } }; },
      give: () => { window.Uint8Array = window.kept; },
      code: 'out_of_memory',
    },
    'a WebAssembly without what the SDK imports': {
      take: () => {
        window.kept = WebAssembly.Instance;
        WebAssembly.Instance = class { constructor() { throw new WebAssembly.LinkError('import requires a callable'); } };
      },
      give: () => { WebAssembly.Instance = window.kept; },
      code: 'unsupported_browser',
    },
  })) {
    test(name, async () => {
      const page = await openPage(context, site, { init: false });
      await page.evaluate(take);
      const thrown = await init(page, site);
      assert.deepEqual({ ...thrown, message: undefined }, { name: 'KakaoError', code, hint: true, message: undefined });
      assert.match(thrown.message, /^Kakao\.init: /);
      assert.equal(await page.evaluate(() => Kakao.isInitialized()), false);
      await page.evaluate(give);
      await initialize(page, site);
      await login(page);
      assert.ok(await token(page));
    });
  }

  test('a worker, which has no window', async () => {
    const page = await openPage(context, site, { init: false });
    const thrown = await page.evaluate(() => new Promise((resolve) => {
      const script = document.querySelector('script[src*="kakao"]').src;
      const text = `importScripts('${script}'); try { Kakao.init('k'); } catch ({ name, code, hint }) { postMessage({ name, code, hint: Boolean(hint) }); }`;
      new Worker(URL.createObjectURL(new Blob([text]))).onmessage = ({ data }) => resolve(data);
    }));
    assert.deepEqual(thrown, { name: 'KakaoError', code: 'no_window', hint: true });
  });

  test('a sandboxed frame, which has no origin', async () => {
    const page = await openPage(context, site, { init: false });
    const thrown = await page.evaluate(() => new Promise((resolve) => {
      const script = document.querySelector('script[src*="kakao"]').src;
      addEventListener('message', ({ data }) => resolve(data));
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = `<script src="${script}"></${'script'}><script>try { Kakao.init('k'); } catch ({ name, code, hint }) { parent.postMessage({ name, code, hint: Boolean(hint) }, '*'); }</${'script'}>`;
      document.body.append(frame);
    }));
    assert.deepEqual(thrown, { name: 'KakaoError', code: 'no_origin', hint: true });
  });

  test('no random numbers, at the login', async () => {
    const page = await openPage(context, site);
    const code = await page.evaluate(() => {
      Object.defineProperty(crypto, 'getRandomValues', { value: undefined, configurable: true });
      try {
        Kakao.Auth.login();
        return undefined;
      } catch (error) {
        return error.code;
      } finally {
        delete crypto.getRandomValues;
      }
    });
    assert.equal(code, 'unsupported_browser');
    await login(page);
    assert.ok(await token(page));
  });
});

describe('a wasm that dies after its start', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  /** Makes the wasm trap while window.trap says so. */
  const trappable = () => {
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...args) {
      const instance = new Instance(...args);
      const exports = Object.fromEntries(Object.entries(instance.exports).map(([name, exported]) => [name, name !== 'handle' ? exported : (...given) => {
        if (window.trap) throw new WebAssembly.RuntimeError('unreachable');
        return exported(...given);
      }]));
      return new Proxy(instance, { get: (target, name) => (name === 'exports' ? exports : target[name]) });
    };
    WebAssembly.Instance.prototype = Instance.prototype;
  };

  const open = async () => {
    const page = await openPage(context, site, { init: false });
    await page.evaluate(trappable);
    await initialize(page, site);
    return page;
  };

  test('the call throws sdk_crashed, those under way fail with it, and a second init starts afresh', async () => {
    const page = await open();
    const warned = page.waitForEvent('console', (message) => /Kakao: the SDK has stopped: unreachable/.test(message.text()));
    const { thrown, ended } = await page.evaluate(async () => {
      window.fetch = () => new Promise(() => {});
      Kakao.Auth.setAccessToken('mine');
      const asked = Kakao.API.request({ url: '/v2/user/me', fail: (error) => window.heard.push(error) }).catch((error) => error);
      window.trap = true;
      try {
        Kakao.Auth.getAccessToken();
      } catch ({ name, code, hint, message }) {
        return { thrown: { name, code, message, hint }, ended: [await asked, ...window.heard, Kakao.isInitialized(), Kakao.Auth.getAppKey()] };
      }
      return {};
    });
    await warned;
    assert.equal(thrown.name, 'KakaoError');
    assert.equal(thrown.code, 'sdk_crashed');
    assert.match(thrown.hint, /^call Kakao\.init again; .*reload/);
    const failed = { code: -777, msg: 'Unknown error', error: 'sdk_crashed', error_description: thrown.message };
    assert.deepEqual(ended, [failed, failed, false, null]);

    const init = () => page.evaluate((key) => {
      try {
        Kakao.init(key);
      } catch ({ name, code }) {
        return { name, code };
      }
      return [Kakao.isInitialized(), Kakao.Auth.getAccessToken()];
    }, site.appKey);
    assert.deepEqual(await init(), { name: 'KakaoError', code: 'sdk_crashed' });
    await page.evaluate(() => { window.trap = false; });
    assert.deepEqual(await init(), [true, 'mine']);
  });

  test('a second init hears the login whose popup was open', async () => {
    const page = await open();
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    await page.evaluate(() => {
      window.trap = true;
      window.dispatchEvent(new Event('focus')); // the next event, whatever it is
    });
    assert.deepEqual((await heard(page, 2)).map(([name, { error }]) => [name, error]), [['fail', 'sdk_crashed'], ['always', 'sdk_crashed']]);
    assert.equal(await page.evaluate(() => Kakao.isInitialized()), false);
    await page.evaluate((key) => {
      window.trap = false;
      Kakao.init(key);
    }, site.appKey);
    await logInAtPlatform(popup);
    await accept(popup);
    await page.waitForFunction(() => Kakao.Auth.getAccessToken());
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    await page.evaluate(() => Kakao.Auth.logout());
    assert.equal(await token(page), null);
    assert.deepEqual(page.problems, []);
  });
});

describe('one SDK on a page', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  /** Adds the script of the page again. */
  const addScript = (page) => page.evaluate(() => new Promise((resolve, reject) => {
    const { src } = document.querySelector('script[src*="kakao"]');
    const script = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject });
    document.body.append(script);
  }));

  /** Counts what a renewal asks and tells. */
  async function renewal(page) {
    const asked = [];
    page.on('request', (request) => { if (request.url().endsWith('/refresh')) asked.push(request.url()); });
    const told = await page.evaluate(() => new Promise((resolve) => {
      const events = [];
      addEventListener('kakao:token', ({ detail }) => {
        events.push(detail.status);
        setTimeout(resolve, 200, events); // a second SDK would have told in the same task, or nearly
      });
      window.dispatchEvent(new Event('kakao:renew'));
    }));
    return { asked: asked.length, told };
  }

  test('the script added ten times, before and after init, has one set of events', async () => {
    const page = await openPage(context, site, { init: false });
    for (let i = 0; i < 5; i++) await addScript(page);
    await initialize(page, site);
    for (let i = 0; i < 5; i++) await addScript(page);
    assert.equal(await page.evaluate(() => Kakao.isInitialized()), true);
    await login(page);
    await addScript(page);
    assert.ok(await token(page));
    assert.deepEqual(await renewal(page), { asked: 1, told: ['renewed'] });
  });

  test('script, ES module and CommonJS module share state and events', async () => {
    const page = await openPage(context, site);
    await login(page);
    const found = await page.evaluate(async () => {
      const { src } = document.querySelector('script[src*="kakao"]');
      const { default: module } = await import(src.replace(/\.js$/, '.mjs'));
      const text = await (await fetch(src)).text();
      const exports = {};
      new Function('exports', 'module', text.replace(/^\ufeff/, ''))(exports, { exports });
      return [module, exports].map((Kakao) => [
        Kakao.isInitialized(), Kakao.Auth === window.Kakao.Auth, Kakao.Auth.getAccessToken() === window.Kakao.Auth.getAccessToken(),
      ]);
    });
    assert.deepEqual(found, [[true, true, true], [true, true, true]]);
    assert.deepEqual(await renewal(page), { asked: 1, told: ['renewed'] });
  });

  test('init and cleanup work without Kakao as this', async () => {
    const page = await openPage(context, site, { init: false });
    const found = await page.evaluate(({ key }) => {
      const { init, cleanup, isInitialized } = Kakao;
      init(key);
      const began = [isInitialized(), typeof Kakao.Auth.login];
      cleanup();
      return [...began, isInitialized()];
    }, { key: site.appKey });
    assert.deepEqual(found, [true, 'function', false]);
  });

  test('a string given to init stays in the agent string after cleanup', async () => {
    const page = await openPage(context, site, { init: false });
    const agents = await page.evaluate(async (key) => {
      const seen = [];
      window.fetch = async (_url, { headers }) => {
        seen.push(/ extra_app_key\/(.*)$/.exec(headers.KA)?.[1]);
        return new Response('{}');
      };
      for (const extra of ['second-key', undefined]) {
        Kakao.init(key, extra);
        Kakao.Auth.setAccessToken('t', false);
        await Kakao.API.request({ url: '/v2/user/me' });
        Kakao.cleanup();
      }
      return seen;
    }, site.appKey);
    assert.deepEqual(agents, ['second-key', 'second-key']);
  });

  for (const [name, file] of Object.entries({ 'an empty object': '({})', 'a date': 'new Date(0)', 'an array of texts': "['a']" })) {
    test(`${name} as files rejects the promise, and throws nothing`, async () => {
      const page = await openPage(context, site);
      const outcome = await page.evaluate((text) => {
        const data = { file: eval(text) };
        return Kakao.API.request({ url: '/v2/api/talk/message/image/upload', data }).then(() => 'resolved', ({ name, code, param }) => ({ name, code, param }));
      }, file);
      assert.deepEqual(outcome, { name: 'KakaoError', code: 'illegal_parameter', param: 'file' });
    });
  }
});
