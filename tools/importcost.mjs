// Prints what imports cost in the released wasm: the table in docs/size.md.
//
//   node tools/importcost.mjs
//
// Each row is a program that uses the package once, beside syscall/js, built with both toolchains.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const VERT = 'var s struct{ A string `js:"a"` }; _ = vert.ValueOf(args[0]).AssignTo(&s); return s.A';
const PROBES = [
  ['syscall/js', [], 'return args[0].String()'],
  ['errors', ['errors'], 'return errors.Is(errors.New(args[0].String()), nil)'],
  ['strings', ['strings'], 'return strings.Join(strings.Split(args[0].String(), ","), " ")'],
  ['strconv', ['strconv'], 'n, _ := strconv.Atoi(args[0].String()); return strconv.Itoa(n + 1)'],
  ['encoding/base64', ['encoding/base64'], 'return base64.RawURLEncoding.EncodeToString([]byte(args[0].String()))'],
  ['time', ['time'], 'time.AfterFunc(time.Second, func() { println("x") }); return time.Now().UnixMilli()'],
  ['norunners/vert', ['github.com/norunners/vert'], VERT],
  ['fmt', ['fmt'], 'return fmt.Sprintf("%v %s", args[0].Int(), args[0].String())'],
  ['net/url', ['net/url'], 'u, _ := url.Parse(args[0].String()); return u.Query().Encode()'],
  ['crypto/sha256', ['crypto/sha256'], 'sum := sha256.Sum256([]byte(args[0].String())); return string(sum[:])'],
  ['regexp', ['regexp'], 'return regexp.MustCompile(args[0].String()).MatchString("a")'],
  ['encoding/json', ['encoding/json'], 'var v map[string]any; _ = json.Unmarshal([]byte(args[0].String()), &v); return len(v)'],
];

const program = (imports, body) => `package main

import (
	"syscall/js"
${imports.map((path) => `\t"${path}"\n`).join('')})

func main() {
	js.Global().Set("probe", js.FuncOf(func(_ js.Value, args []js.Value) any { ${body} }))
	select {}
}
`;

function run(command, args, env) {
  const { status, stderr } = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

const weigh = (path) => brotliCompressSync(readFileSync(path)).length;
const kilobytes = (n) => (n / 1024).toFixed(1);

const folder = 'dist/build/probe';
const first = {};
console.log('| import | TinyGo, KB | over syscall/js | standard Go, KB |\n| --- | --- | --- | --- |');
for (const [name, imports, body] of PROBES) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/main.go`, program(imports, body));
  run('tools/tinygo/build.sh', [`./${folder}`, `${folder}/tinygo.wasm`]);
  run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', `${folder}/go.wasm`, `./${folder}`], { GOOS: 'js', GOARCH: 'wasm' });
  const [tinygo, go] = [weigh(`${folder}/tinygo.wasm`), weigh(`${folder}/go.wasm`)];
  first.tinygo ??= tinygo;
  console.log(`| \`${name}\` | ${kilobytes(tinygo)} | ${name === 'syscall/js' ? '' : `+${kilobytes(tinygo - first.tinygo)}`} | ${kilobytes(go)} |`);
}
rmSync(folder, { recursive: true });
