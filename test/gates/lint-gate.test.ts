import { describe, expect, it } from 'vitest';
import type { CommandRun } from '../../src/domain/command-run.ts';
import { createLintGate } from '../../src/gates/lint-gate.ts';
import { commandRun, gateInput, scriptedTree } from './gate-input.ts';

const lint = (exitCode: number | null, output = '', ended = 'exit') =>
  commandRun('lint', exitCode, output, ended);

async function judge(base: CommandRun, head: CommandRun) {
  return await createLintGate().judge(
    gateInput({
      base: scriptedTree('ba5e', { commands: { lint: base } }),
      head: scriptedTree('4ead', { commands: { lint: head } }),
      commands: { lint: [{ shell: 'lint', cwd: '', why: 'x' }] },
    }),
  );
}

describe('the lint gate', () => {
  it('passes when head is clean', async () => {
    const verdict = await judge(lint(0), lint(0));
    expect(verdict).toMatchObject({ status: 'pass', summary: '1 of 1 checks are clean' });
    expect(verdict.evidence).toEqual([{ command: 'lint', base: 'exit 0', head: 'exit 0', durationMs: 50 }]);
  });

  it('blocks what is clean on base and fails on head', async () => {
    const verdict = await judge(lint(0), lint(1, 'a.js:3 unused x'));
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.feedback).toContain('a.js:3 unused x');
  });

  it('reports without blocking what failed on base too, with the lines that are new', async () => {
    const verdict = await judge(lint(1, 'a.js:3 unused x'), lint(1, 'a.js:9 unused x\nb.js:1 unused y'));
    expect(verdict).toMatchObject({
      status: 'fail',
      blocking: false,
      details: { newLines: ['b.js:1 unused y'] },
    });
    expect(verdict.summary).toContain('1 lines of its output are new');
  });

  it('is not run, without blocking, where there is no command or it is missing', async () => {
    expect(await createLintGate().judge(gateInput({}))).toMatchObject({ status: 'not-run', blocking: false });
    expect(await judge(lint(127), lint(127))).toMatchObject({ status: 'not-run', blocking: false });
  });

  it('blocks a time-out that base did not have', async () => {
    const verdict = await judge(lint(0), lint(null, '', 'timeout'));
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.evidence[0]?.head).toBe('timeout');
  });

  it('is not run when a set-up fails', async () => {
    const verdict = await createLintGate().judge(
      gateInput({
        head: scriptedTree('4ead', { setUpFails: true }),
        commands: { lint: [{ shell: 'lint', cwd: '', why: 'x' }] },
      }),
    );
    expect(verdict).toMatchObject({ status: 'not-run', summary: 'the set-up fails on head' });
  });

  it('runs the type check like a lint', async () => {
    const verdict = await createLintGate().judge(
      gateInput({
        base: scriptedTree('ba5e', { commands: { tsc: commandRun('tsc', 0) } }),
        head: scriptedTree('4ead', { commands: { tsc: commandRun('tsc', 2, 'a.ts(1,1): error') } }),
        commands: { typecheck: [{ shell: 'tsc', cwd: '', why: 'x' }] },
      }),
    );
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
  });
});
