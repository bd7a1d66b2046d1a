import { describe, expect, it } from 'vitest';
import { createExplanations } from '../../src/app/explanations.ts';
import type { ExplainQuestion } from '../../src/domain/explanation.ts';
import type { Run } from '../../src/domain/run.ts';
import { journalOf, modelEvents, run } from '../record/run-fixture.ts';

const ended: Run = { ...run, state: 'published', endedAt: new Date() };
const at = { installationId: 3, repositoryId: 10, owner: 'o', name: 'shop' };

function explain(
  question: Partial<ExplainQuestion>,
  patch: string | undefined = '@@ -1 +1 @@\n-let s;\n+let s = 0;',
) {
  const port = createExplanations({
    runs: { list: async () => [ended] },
    journal: { read: async () => journalOf(modelEvents) },
    reader: {
      file: async (_, path) => (path === 'src/cart.js' ? 'let s = 0;\nreturn s;\n' : undefined),
      commitPatch: async () => patch,
    },
  });
  return port.explain({ at, number: 7, ref: 'main', place: null, ...question });
}

describe('an explanation', () => {
  it('of a line names run, requester, decision and evidence of the run that made it', async () => {
    const text = await explain({ place: { path: 'src/cart.js', line: 1 } });
    expect(text).toMatch(/^`src\/cart\.js:1` \(`let s = 0;`\) comes from run `\w+` for #7.*asked for by ada/);
    expect(text).toContain('**Evidence**');
    expect(text).toMatch(/## Decisions|Its plan was/);
  });

  it('of a line that nobody of ours wrote says so', async () => {
    expect(await explain({ place: { path: 'src/cart.js', line: 2 } })).toContain("somebody else's work");
    expect(await explain({ place: { path: 'src/cart.js', line: 1 } }, undefined)).toBeTypeOf('string');
  });

  it('of what is not there says that', async () => {
    expect(await explain({ place: { path: 'x.js', line: 1 } })).toBe('There is no file `x.js` on `main`.');
    expect(await explain({ place: { path: 'src/cart.js', line: 9 } })).toBe('`src/cart.js` has 2 lines.');
    expect(await explain({ number: 99 })).toContain('nothing to explain');
  });

  it('of a thread tells of its newest run', async () => {
    expect(await explain({})).toMatch(/^The newest run here is run `/);
  });
});
