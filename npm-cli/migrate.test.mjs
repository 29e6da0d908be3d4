// Tests of the command `migrate`: projects as people have them, before and after, and files that must be left alone.
// UPDATE=1 writes what the command does into testdata, to be read before it is committed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { bundleMigrate } from './build.mjs';

const testdata = fileURLToPath(new URL('testdata/migrate/', import.meta.url));
const guides = ['migration.md', 'migration.ko.md'].map((name) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8'));

let work; // a temporary folder outside the repository
let run; // the command, out of the file that is packed
let project; // an empty folder for each test

before(() => {
  work = mkdtempSync(join(tmpdir(), 'kakaowasm-migrate-'));
  bundleMigrate(work);
  run = createRequire(import.meta.url)(join(work, 'migrate.js')).migrate;
});
beforeEach(() => { project = mkdtempSync(join(work, 'project-')); });
after(() => rmSync(work, { recursive: true, force: true }));

/** Runs the command in an environment without a language, and what it prints. */
function migrate(args, { env = {} } = {}) {
  const printed = { stdout: '', stderr: '' };
  const status = run(args, { env, print: (text) => { printed.stdout += `${text}\n`; }, complain: (text) => { printed.stderr += `${text}\n`; } });
  return { status, ...printed };
}

/** The same in a process of its own, in which the file system fails. */
function migrateFailing(args, code) {
  writeFileSync(join(work, 'fail.cjs'), `const fs = require('node:fs');\n${code}`);
  writeFileSync(join(work, 'run.cjs'), 'process.exitCode = require("./migrate.js").migrate(process.argv.slice(2));');
  return spawnSync(process.execPath, ['--require', join(work, 'fail.cjs'), join(work, 'run.cjs'), ...args], { env: { PATH: process.env.PATH }, encoding: 'utf8' });
}

/** Writes the files of a project, given as text or bytes. */
function put(files, folder = project) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The files below a folder by their paths. */
function filesIn(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(found.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
    .map((path) => [path.slice(folder.length).replace(/^\//, ''), readFileSync(path, 'latin1')]));
}

const PAGE = '<script src="https://developers.kakao.com/sdk/js/kakao.min.js"></script>\n<script>Kakao.init("KEY"); Kakao.Auth.login({});</script>\n';
const MOVED = PAGE.replace('https://developers.kakao.com/sdk/js/kakao.min.js"', '/kakao/sdk/0.2.0/kakao.js" data-server="/kakao"');

describe('projects', () => {
  for (const name of readdirSync(testdata)) {
    test(name, () => {
      const [from, to, report] = ['before', 'after', 'report.txt'].map((each) => join(testdata, name, each));
      cpSync(from, project, { recursive: true });
      const shown = migrate([project, '--lang', 'en']);
      assert.deepEqual(filesIn(project), filesIn(from), 'without --write nothing changes');
      const written = migrate([project, '--write']);
      if (process.env.UPDATE) {
        rmSync(to, { recursive: true, force: true });
        cpSync(project, to, { recursive: true });
        writeFileSync(report, shown.stdout);
      }
      assert.equal(shown.stdout, readFileSync(report, 'utf8'));
      assert.deepEqual([shown.status, shown.stderr, written.status, written.stderr], [0, '', 0, '']);
      assert.deepEqual(filesIn(project), filesIn(to));
      assert.doesNotMatch(migrate([project]).stdout, /^[-+]/m, 'a second run has nothing to change');
    });
  }

  test('the diff is one that patch understands', () => {
    cpSync(join(testdata, 'react/before'), project, { recursive: true });
    const { stdout } = migrate([project]);
    const { status, stderr } = spawnSync('git', ['apply', '--verbose'], { cwd: project, input: stdout.slice(0, stdout.indexOf('\n4 files')), encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual(filesIn(project), filesIn(join(testdata, 'react/after')));
  });

  test('--server says where the token server is, to the page or to init', () => {
    put({ 'page.html': PAGE, 'load.js': 'load("https://developers.kakao.com/sdk/js/kakao.js").then(() => Kakao.init(key));\n' });
    migrate([project, '--write', '--server', 'https://login.example.com/kakao/']);
    assert.match(readFileSync(join(project, 'page.html'), 'utf8'), /src="https:\/\/login\.example\.com\/kakao\/sdk\/0\.2\.0\/kakao\.js" data-server="https:\/\/login\.example\.com\/kakao"/);
    assert.equal(readFileSync(join(project, 'load.js'), 'utf8'),
      'load("https://login.example.com/kakao/sdk/0.2.0/kakao.js").then(() => Kakao.init(key, { server: \'https://login.example.com/kakao\' }));\n');
  });

  test('a project without Kakao hears that there is nothing to do', () => {
    put({ 'index.html': '<p>kakao</p>', 'map.js': 'kakao.maps.load(start)', 'nginx.conf': "add_header Content-Security-Policy \"script-src 'self'\";" });
    assert.deepEqual(migrate([project]), { status: 0, stdout: 'Nothing here uses the Kakao SDK for logging in.\n', stderr: '' });
  });
});

describe('every address that the SDK was published under is found', () => {
  for (const address of ['//developers.kakao.com/sdk/js/kakao.min.js', 'http://developers.kakao.com/sdk/js/kakao.js', 'https://developers.kakao.com/sdk/js/kakao-1.43.5.min.js',
    'https://t1.kakaocdn.net/kakao_js_sdk/v1/kakao.min.js', 'https://t1.kakaocdn.net/kakao_js_sdk/1.43.0/kakao.js', 'https://t1.kakaocdn.net/kakao_js_sdk/2.8.1/kakao.min.js?v=3']) {
    test(address, () => {
      put({ 'a.html': `<script src="${address}"></script>`, 'b.js': `load('${address}')` });
      migrate([project, '--write']);
      assert.deepEqual(filesIn(project), { 'a.html': '<script src="/kakao/sdk/0.2.0/kakao.js" data-server="/kakao"></script>', 'b.js': "load('/kakao/sdk/0.2.0/kakao.js')" });
    });
  }

  test('and none that is not the SDK', () => {
    const page = ['//dapi.kakao.com/v2/maps/sdk.js?appkey=KEY', 'https://developers.kakao.com.example.com/sdk/js/kakao.min.js', 'https://example.com/?//developers.kakao.com/sdk/js/kakao.min.js', '/js/my-kakao.js']
      .map((address) => `<script src="${address}"></script>`).join('\n');
    put({ 'a.html': page });
    assert.doesNotMatch(migrate([project]).stdout, /^[-+]/m);
  });
});

describe('bytes outside of the edits stay as they are', () => {
  const korean = `<meta charset="euc-kr">\r\n${PAGE.replaceAll('\n', '\r\n')}<p>카카오 로그인 똠방각하</p>\r\n`;
  const moved = korean.replace(PAGE.split('\n')[0], MOVED.split('\n')[0]);
  for (const [name, encode] of Object.entries({
    'EUC-KR with CRLF': (text) => iconv.encode(text, 'cp949'),
    'UTF-8 with a byte order mark': (text) => iconv.encode(text, 'utf8', { addBOM: true }),
    'UTF-16 with a byte order mark': (text) => iconv.encode(text, 'utf16-le', { addBOM: true }),
    'no line end at the end': (text) => Buffer.from(text.trimEnd()),
    'mixed line ends': (text) => Buffer.from(text.replace('\r\n', '\n')),
  })) {
    test(name, () => {
      put({ 'login.html': encode(korean) });
      assert.equal(migrate([project, '--write']).status, 0);
      assert.deepEqual(readFileSync(join(project, 'login.html')), encode(moved));
    });
  }

  test('the rights of the file', () => {
    writeFileSync(join(project, 'login.php'), PAGE, { mode: 0o750 });
    migrate([project, '--write']);
    assert.equal(statSync(join(project, 'login.php')).mode & 0o777, 0o750);
  });
});

describe('files that are left alone are named with what to do', () => {
  const cases = {
    'cut off in a program': [{ 'a.html': `${PAGE}<script>\nKakao.Auth.login({</script>` }, /a\.html: cannot be understood from line 4 on; mend/],
    'no JavaScript': [{ 'a.js': 'Kakao.init(;' }, /a\.js: cannot be understood from line 1 on; mend/],
    'no JSON': [{ 'package.json': '{"dependencies": {"react-kakao-login": "1"' }, /package\.json: cannot be understood from line 1 on; mend/],
    'a program in place of JSON': [{ 'package.json': '{"a": 1} kakao' }, /package\.json: cannot be understood from line 1/],
    'bytes that are no text': [{ 'a.js': Buffer.from('Kakao\0\x01\x02') }, /a\.js: names Kakao and holds bytes that are no text; look/],
    'an unknown encoding': [{ 'a.html': Buffer.concat([Buffer.from(PAGE), Buffer.from([0xff, 0xff, 0x80, 0xc3])]) }, /a\.html: is neither UTF-8, UTF-16 nor EUC-KR; save/],
    'written by a program': [{ 'a.js': `${PAGE}${'x'.repeat(6000)}`, 'b.min.js': 'Kakao.init(1)' }, /a\.js: names Kakao and was written by a program[^]*b\.min\.js: names Kakao and was written/],
    'too large': [{ 'a.html': PAGE + ' '.repeat(100).concat('\n').repeat(25000) }, /a\.html: is larger than 2 MB; change/],
    'nested too deeply': [{ 'a.js': `Kakao.init(${'a+'.repeat(20000).replaceAll(/.{100}/g, '$&\n')}a)` }, /a\.js: is nested too deeply to be read; change/],
  };
  for (const [name, [files, expected]] of Object.entries(cases)) {
    test(name, () => {
      put({ ...files, 'other.html': PAGE });
      const { status, stdout, stderr } = migrate([project, '--write']);
      assert.equal(status, 1);
      assert.equal(stderr, '');
      assert.match(stdout, expected);
      for (const [path, content] of Object.entries(files)) assert.deepEqual(readFileSync(join(project, path)), Buffer.from(content));
      assert.equal(readFileSync(join(project, 'other.html'), 'utf8'), MOVED, 'the others are changed');
    });
  }

  test('a page whose markup never ends is read like a browser does', () => {
    put({ 'a.html': `${'<div>'.repeat(3000).replaceAll(/.{100}/g, '$&\n')}\n${PAGE}` });
    assert.equal(migrate([project, '--write']).status, 0);
    assert.ok(readFileSync(join(project, 'a.html'), 'utf8').endsWith(MOVED));
  });

  test('large or minified files without Kakao are nobody\'s business', () => {
    put({ 'a.js': 'x'.repeat(3 << 20), 'b.min.js': 'y', 'c.js': Buffer.from([0, 1, 2]), 'd.html': PAGE });
    assert.equal(migrate([project]).status, 0);
  });
});

describe('what others wrote is not looked at', () => {
  test('in folders of packages and builds', () => {
    put(Object.fromEntries(['node_modules/x', '.git', 'dist', 'build', '.next/static'].map((folder) => [`${folder}/a.html`, PAGE])));
    assert.match(migrate([project, '--write']).stdout, /^Nothing here/);
    assert.ok(Object.values(filesIn(project)).every((text) => text === PAGE));
  });

  test('behind symbolic links, out of the folder or in a circle', () => {
    put({ 'outside/a.html': PAGE, 'inside/b.html': PAGE });
    const inside = join(project, 'inside');
    symlinkSync('../outside', join(inside, 'folder'));
    symlinkSync('../outside/a.html', join(inside, 'a.html'));
    symlinkSync('.', join(inside, 'circle'));
    assert.match(migrate([inside, '--write']).stdout, /^1 file changed/);
    assert.equal(readFileSync(join(project, 'outside/a.html'), 'utf8'), PAGE);
  });
});

describe('a file is changed as a whole or not at all', () => {
  let pages;
  beforeEach(() => {
    pages = join(project, 'pages');
    put({ 'pages/a.html': PAGE, 'pages/b.html': PAGE });
  });

  test('when the disk is full in the middle', () => {
    const { status, stdout } = migrateFailing([pages, '--write'], `const write = fs.writeSync; let n = 0;
      fs.writeSync = (file, bytes, from = 0) => { if (n++) throw Object.assign(new Error('full'), { code: 'ENOSPC' }); return write(file, bytes, from, 10); };`);
    assert.equal(status, 1);
    assert.match(stdout, /a\.html: cannot be written \(ENOSPC\); make/);
    assert.deepEqual(filesIn(pages), { 'a.html': PAGE, 'b.html': PAGE });
  });

  test('when the program is killed before it is done', () => {
    const { status } = migrateFailing([pages, '--write'], 'fs.renameSync = () => process.kill(process.pid, "SIGKILL");');
    assert.equal(status, null);
    assert.equal(readFileSync(join(pages, 'a.html'), 'utf8'), PAGE);
  });

  test('when somebody else writes the file meanwhile', () => {
    const { status, stdout } = migrateFailing([pages, '--write'], `const { fsyncSync } = fs; let n = 0;
      fs.fsyncSync = (file) => { fsyncSync(file); if (!n++) fs.writeFileSync(${JSON.stringify(join(pages, 'a.html'))}, 'theirs'); };`);
    assert.equal(status, 1);
    assert.match(stdout, /a\.html: was changed by another program meanwhile; run this again/);
    assert.deepEqual(filesIn(pages), { 'a.html': 'theirs', 'b.html': MOVED });
  });

  test('when it cannot be read', () => {
    const { status, stdout } = migrateFailing([pages], `const read = fs.readFileSync;
      fs.readFileSync = (path, ...rest) => { if (String(path).endsWith('a.html')) throw Object.assign(new Error('no'), { code: 'EACCES' }); return read(path, ...rest); };`);
    assert.equal(status, 1);
    assert.match(stdout, /a\.html: cannot be read \(EACCES\); make it readable/);
  });

  test('and another name of the same file keeps the old content', () => {
    linkSync(join(pages, 'a.html'), join(project, 'other'));
    migrate([pages, '--write']);
    assert.equal(readFileSync(join(project, 'other'), 'utf8'), PAGE);
  });
});

describe('a mistake in the call is one sentence', () => {
  for (const [args, expected] of [
    [[], /expected one folder/],
    [['a', 'b'], /expected one folder/],
    [['/no/such/folder'], /expected a folder, and \/no\/such\/folder is none \(ENOENT\); name/],
    [[fileURLToPath(import.meta.url)], /is none \(ENOTDIR\)/],
    [['.', '--wirte'], /Unknown option '--wirte'; try --help/],
    [['.', '--server', 'javascript:alert(1)'], /expected a path such as \/kakao or an https address, got javascript:/],
    [['.', '--server', '/"><script>'], /--server: expected/],
    [['.', '--server', '//evil.example'], /--server: expected/],
    [['.', '--lang', 'fr'], /--lang: expected ko or en, got fr/],
  ]) {
    test(args.join(' ') || 'no folder', () => {
      const { status, stdout, stderr } = migrate(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^kakaowasm migrate: .+\n$/);
      assert.match(stderr, expected);
    });
  }
});

describe('the language', () => {
  const language = (text) => (/[가-힣]/.test(text) ? 'ko' : 'en');
  for (const [env, args, expected] of [
    [{ LANG: 'ko_KR.UTF-8' }, [], 'ko'],
    [{ LANG: 'ko_KR.UTF-8', LC_ALL: 'C' }, [], 'en'],
    [{}, [], 'en'],
    [{ LC_MESSAGES: 'en_US.UTF-8' }, ['--lang', 'ko'], 'ko'],
  ]) {
    test(`${JSON.stringify(env)} ${args.join(' ')}`, () => {
      assert.equal(language(migrate([project, ...args], { env }).stdout), expected);
      assert.equal(language(migrate([`${project}/none`, ...args], { env }).stderr), expected);
      assert.equal(language(migrate(['--help', ...args], { env }).stdout), expected);
    });
  }

  test('both say everything, and point to what the guides have', async () => {
    const { DECISIONS, REASONS } = await import('./migrate/messages.mjs');
    for (const [name, { en, ko, anchor }] of Object.entries({ ...DECISIONS, ...REASONS })) {
      const details = { stays: ['Share'], script: '/s', server: '/k', addresses: 41, missing: 'x', code: 'E', limit: 2, line: 1 };
      assert.deepEqual([language(en(details)), language(ko(details))], ['en', 'ko'], name);
      if (!anchor) continue;
      for (const [guide, target] of [[guides[0], anchor.en], [guides[1], anchor.ko]]) {
        const headings = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, text]) => `#${text.toLowerCase().replaceAll(' ', '-')}`);
        assert.ok(headings.includes(target), `${target} is no heading of the guide`);
      }
    }
  });

  test('the guides list what must be decided', async () => {
    const { DECISIONS } = await import('./migrate/messages.mjs');
    for (const guide of guides) for (const name of Object.keys(DECISIONS)) assert.ok(guide.includes(`<!-- ${name} -->`), `no row of ${name}`);
  });
});

test('libraries that the command brings along have their licenses in the package', () => {
  const licenses = readFileSync(join(work, 'THIRD_PARTY_LICENSES'), 'utf8');
  for (const name of ['@babel/parser', 'diff', 'estree-walker', 'iconv-lite', 'magic-string', 'parse5']) assert.match(licenses, new RegExp(`^${name} \\d`, 'm'));
  assert.ok(existsSync(join(work, 'migrate.js')));
});
