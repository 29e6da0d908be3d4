// Runs the parts of the tests one after the other and prints what they count together.
//
//   node tools/runtests.mjs [part...]
//
// Without a part it runs all of `make test`. The part `more` is what takes too long for that: it is
// `make test-more`.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Counts the lines of `go test -json`, and shows what failed tests and packages printed. */
function go() {
  const printed = new Map();
  return (line, count, show) => {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      show(line); // what the compiler says
      return;
    }
    const key = `${event.Package} ${event.Test ?? ''}`;
    if (event.Action === 'output') printed.set(key, (printed.get(key) ?? '') + event.Output);
    if (event.Action === 'build-output') show(event.Output.trimEnd());
    if (event.Action === 'fail') show(`${key}\n${printed.get(key) ?? ''}`);
    const outcome = { pass: 'passed', fail: 'failed', skip: 'skipped' }[event.Action];
    if (event.Test && outcome) count[outcome]++;
  };
}

/** Counts the summary of `node --test`. */
const node = (line, count, show) => {
  show(line);
  const [, word, n] = /^ℹ (pass|fail|cancelled|skipped) (\d+)$/.exec(line) ?? [];
  if (word === 'pass') count.passed += Number(n);
  if (word === 'fail' || word === 'cancelled') count.failed += Number(n);
  if (word === 'skipped') count.skipped += Number(n);
};

/** Counts a command as one test. */
const whole = (line, _count, show) => show(line);

/** The test files in a folder. */
const tests = (folder) => readdirSync(folder).filter((name) => name.endsWith('.test.mjs')).map((name) => `${folder}/${name}`);

const e2e = (build, what = 'all', files = tests('e2e'), env = {}) => ({
  name: `end to end, ${build} build: ${what}`,
  command: ['node', '--test', '--test-reporter=spec', ...files],
  env: { SDK: `dist/${build}`, ...env },
  read: node,
});

/** Where the programs of this tree are, for what is tested with the real one. */
const PROGRAM = { KAKAOWASM_BINARY: new URL('../dist/kakaowasm', import.meta.url).pathname, CHROMIUM: process.env.CHROMIUM ?? '/usr/bin/chromium' };

/** The examples with tests of their own. */
const EXAMPLES = readdirSync('examples').filter((name) => {
  const manifest = `examples/${name}/package.json`;
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts.test;
});

/** Those that show what React's shows already: `make test-more` runs them. */
const FRAMEWORKS = ['vue', 'svelte'];

const example = (name) => ({
  name: `example project: ${name}`, command: ['npm', 'test', '--silent', '--prefix', `examples/${name}`], env: PROGRAM, read: whole,
});

/** Every document; their links are followed. */
const DOCUMENTS = ['docs', 'examples/README.md', ...readdirSync('.').filter((name) => name.endsWith('.md'))];

const PARTS = {
  go: [
    { name: 'Go', command: ['go', 'test', '-race', '-json', './...'], read: go() },
    {
      name: 'simulated world, 200,000 interleavings',
      command: ['go', 'test', '-json', '-count=1', '-timeout=30m', '-run=Scripted', './sdk/simulate'],
      env: { SIMULATE: '200000', GOGC: '400' },
      read: go(),
    },
  ],
  browser: [{
    name: 'Go in Chromium',
    command: ['tools/browsertest/run.sh', '-json', '-run', '^Test', './kakao', './sdk', './jsbridge'],
    read: go(),
  }],
  npm: [{
    name: 'npm packages and relay page',
    command: ['node', '--test', '--test-reporter=spec', ...tests('npm'), ...tests('npm-cli'), ...tests('tools'), ...tests('server/relay')],
    read: node,
  }],
  examples: [
    { name: 'emulator client', command: ['node', '--test', '--test-reporter=spec', ...tests('npm-emulator')], env: PROGRAM, read: node },
    { name: 'images and container recipes of the guide', command: ['go', '-C', 'tools/containers', 'test', '-json', '-count=1', './...'], env: PROGRAM, read: go() },
    { name: 'pages of emulator, demo and relay: axe, forced colours, 320 pixels', command: ['node', '--test', '--test-reporter=spec', ...tests('emulator'), ...tests('demo')], env: PROGRAM, read: node },
    ...EXAMPLES.filter((name) => !FRAMEWORKS.includes(name)).map(example),
  ],
  e2e: [e2e('release'), e2e('go', 'what users do, in Chromium', ['e2e/engines.test.mjs'], { ENGINES: 'chromium' })],
  lint: [
    { name: 'golangci-lint', command: ['tools/lint/run.sh'], read: whole },
    { name: 'golangci-lint for js/wasm', command: ['tools/lint/run.sh', 'js'], read: whole },
    { name: 'types', command: ['node_modules/.bin/tsc', '-p', 'npm'], read: whole },
    { name: 'types of the emulator client', command: ['node_modules/.bin/tsc', '-p', 'npm-emulator'], read: whole },
    { name: 'workflows', command: ['tools/release/run.sh', 'actionlint'], read: whole },
    { name: 'tables of contents', command: ['node', 'tools/toc.mjs'], read: whole },
    { name: 'links and anchors', command: ['node_modules/.bin/remark', '--frail', '--quiet', ...DOCUMENTS], read: whole },
    { name: 'one version everywhere', command: ['node', 'tools/version.mjs'], read: whole },
    { name: 'types of the shim', command: ['node_modules/.bin/tsc', '-p', 'npm/tsconfig.check.json'], read: whole },
    { name: 'eslint', command: ['node_modules/.bin/eslint', 'npm', 'npm-cli', 'site', 'tools'], read: whole },
    { name: 'size budget', command: ['node', 'tools/size.mjs'], read: whole },
  ],
};

/** Runs one part and returns its counts. Its output is shown if it failed. */
async function run({ name, command: [file, ...args], env, read }) {
  const started = Date.now();
  const count = { passed: 0, failed: 0, skipped: 0 };
  const output = [];
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const show = (text) => output.push(text);
  const lines = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      if (stream === child.stdout) read(line, count, show);
      else show(line);
    }
  });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => { show(String(error)); resolve(1); });
    child.once('close', resolve);
  });
  await Promise.all(lines);
  if (read === whole) count[code === 0 ? 'passed' : 'failed']++;
  else if (code !== 0 && count.failed === 0) count.failed++;
  else if (count.passed === 0) count.failed++; // a part that ran nothing has not passed
  if (count.failed) console.log(output.join('\n'));
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${count.failed ? 'FAIL' : 'ok  '} ${name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${seconds} s)`);
  return count;
}

/** What `make test-more` runs. A Go test of it has the build tag `more` and a name that begins with TestMore. */
const MORE = [
  e2e('go'),
  { name: 'Go, with clusters', command: ['go', 'test', '-race', '-json', '-tags=more', '-run=^TestMore', '-timeout=20m', './...'], read: go() },
  { name: 'npm package in frameworks', command: ['node', '--test', '--test-reporter=spec', 'npm/frameworks.more.mjs'], read: node },
  ...EXAMPLES.filter((name) => FRAMEWORKS.includes(name)).map(example),
  { name: 'Next.js and Express examples', command: ['node', '--test', '--test-reporter=spec', 'examples/servers.more.mjs'], env: PROGRAM, read: node },
  { name: 'guides as a site, in Chromium', command: ['node', '--test', '--test-reporter=spec', 'site/site.more.mjs'], env: { ...PROGRAM, SDK: 'dist/go' }, read: node },
  { name: 'released programs', command: ['node', '--test', '--test-reporter=spec', 'npm-cli/platforms.more.mjs'], read: node },
  { name: 'goreleaser configuration', command: ['tools/release/run.sh', 'goreleaser', 'check'], read: whole },
];

const steps = (part) => (part === 'more' ? MORE : PARTS[part]);
const wanted = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const part of wanted.length ? wanted : Object.keys(PARTS)) {
  for (const step of steps(part)) {
    const count = await run(step);
    for (const key of Object.keys(total)) total[key] += count[key];
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed ? 1 : 0;
