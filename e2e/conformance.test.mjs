// Holds the SDK against recorded cases of what the legacy SDK did (conformance/cases). Where the two
// differ on purpose, conformance/differences.mjs says so and why.
//
//   CASES='^login/' node --test e2e/conformance.test.mjs     only the cases whose names match
//   FRESH=1 node --test e2e/conformance.test.mjs             each case in a page that none had before

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { cases } from './conformance/cases.mjs';
import { compare } from './conformance/compare.mjs';
import { differences } from './conformance/differences.mjs';
import { normalise } from './conformance/normalise.mjs';
import { startRunner } from './conformance/runner.mjs';
import { SDK } from './site.mjs';

const wanted = new RegExp(process.env.CASES ?? '');
const chosen = cases.filter(({ id }) => wanted.test(id));
const skip = chosen.length < cases.length && 'not all cases ran';

describe('conformance with the legacy SDK', () => {
  let runner;
  let worked;
  const results = new Map();
  const needed = new Set();

  before(async () => {
    runner = await startRunner(readFileSync(`${SDK}/kakao.js`, 'utf8'));
    for (const given of chosen) {
      const more = differences.filter(({ when }) => when(given)).flatMap((difference) => difference.more ?? []);
      const result = runner.run(given, more);
      result.catch(() => {}); // the test of the case tells
      results.set(given, result);
    }
    worked = runner.work();
  });

  after(async () => {
    await worked;
    await runner.close();
  });

  for (const given of chosen) {
    test(given.id, async () => {
      const { expected, changedBy } = expect(given);
      for (const difference of changedBy) needed.add(difference);
      const found = compare(expected, normalise(await results.get(given), given));
      if (found.length) fail([...given.does, ...found.map((line) => `  ${line}`)]);
    });
  }

  test('each difference is needed by a case', { skip }, () => {
    assert.deepEqual(differences.filter((difference) => !needed.has(difference)).map(({ name }) => name), []);
  });

  test('nothing is requested that no case knows', () => {
    assert.deepEqual(runner.strays, []);
  });
});

/** What the SDK shall do in a case: what the legacy SDK did, but for the differences. */
function expect(given) {
  const expected = structuredClone(given.outcome);
  const changedBy = differences.filter(({ when, change }) => {
    if (!when(given)) return false;
    const legacy = structuredClone(expected);
    change(expected, given);
    return compare(legacy, expected).length > 0;
  });
  return { expected, changedBy };
}

/** Fails without a stack, which would say nothing about a case. */
function fail(lines) {
  const error = new Error(lines.join('\n'));
  error.stack = error.message;
  throw error;
}
