import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolOutput } from '../../src/agent/tools/tool.ts';
import { workTools as tools } from '../../src/agent/tools/tool-list.ts';
import { openScratchWorkspace, type ScratchWorkspace } from '../support/scratch-workspace.ts';

let scratch: ScratchWorkspace;
beforeAll(async () => {
  scratch = await openScratchWorkspace({
    'a.txt': 'one\ntwo\nthree\n',
    'crlf.txt': 'first\r\nsecond\r\nthird\r\n',
    'odd.txt': 'bell \u0007 and escape \u001b[31m stay\nnext\n',
    'twice.txt': 'same\nother\nsame\n',
    'no-newline.txt': 'last',
    'bin.dat': 'x',
    'src/deep/file name.ts': 'export const needle = 1;\n',
    '-dash.txt': 'dash\n',
  });
  await scratch.sandbox.exec({
    command: "printf '\\377\\376' > bin.dat; ln -s /etc/passwd link; chmod 755 a.txt",
  });
});
afterAll(() => scratch.close());

async function call(name: string, input: unknown): Promise<ToolOutput> {
  const tool = tools.find((candidate) => candidate.spec.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.call(
    { type: 'tool-call', id: 'c', name, input, raw: '' },
    {
      sandbox: scratch.sandbox,
      signal: new AbortController().signal,
      commandTimeoutMs: 10_000,
      turn: 1,
      comments: [],
      ask: async () => null,
      judgeFinding: () => null,
      record: async () => undefined,
    },
  );
}

describe('read_file', () => {
  it('numbers lines and says where the range ends', async () => {
    expect(await call('read_file', { path: 'a.txt', start_line: 2, end_line: 2 })).toEqual({
      ok: true,
      text: '2\ttwo\n(lines 2-2 of 3)',
    });
  });

  it('reads a file without a final line end, and one whose name begins with a dash', async () => {
    expect((await call('read_file', { path: 'no-newline.txt' })).text).toBe('1\tlast');
    expect((await call('read_file', { path: '-dash.txt' })).text).toBe('1\tdash');
  });

  it('explains a directory, a missing file and a range beyond the end', async () => {
    expect((await call('read_file', { path: 'src' })).text).toContain('is a directory');
    expect((await call('read_file', { path: 'nope' })).text).toContain('there is no file');
    expect((await call('read_file', { path: 'a.txt', start_line: 50 })).text).toContain('the file has 3');
  });
});

describe('edit_file', () => {
  it('changes exactly the passage and keeps mode and every other byte', async () => {
    const edited = await call('edit_file', { path: 'odd.txt', old_text: 'next', new_text: 'changed $& \\1' });
    expect(edited).toMatchObject({ ok: true });
    expect(await scratch.read('odd.txt')).toBe('bell \u0007 and escape \u001b[31m stay\nchanged $& \\1\n');
    await call('edit_file', { path: 'a.txt', old_text: 'two', new_text: '2' });
    const mode = await scratch.sandbox.exec({ command: ['stat', '-c', '%a', 'a.txt'] });
    expect(mode.stdout.text.trim()).toBe('755');
  });

  it('understands line ends in a file with CRLF and keeps them', async () => {
    await call('edit_file', { path: 'crlf.txt', old_text: 'first\nsecond', new_text: 'first\n2nd' });
    expect(await scratch.read('crlf.txt')).toBe('first\r\n2nd\r\nthird\r\n');
  });

  it('names the lines when the passage is not unique', async () => {
    const output = await call('edit_file', { path: 'twice.txt', old_text: 'same', new_text: 'x' });
    expect(output).toMatchObject({ ok: false, text: expect.stringContaining('lines 1, 3') });
  });

  it('shows similar lines when nothing matches', async () => {
    const input = { path: 'src/deep/file name.ts', old_text: 'export const  needel = 1;', new_text: 'x' };
    expect((await call('edit_file', input)).text).toContain('1\texport const needle = 1;');
  });

  it('refuses what is not text', async () => {
    const output = await call('edit_file', { path: 'bin.dat', old_text: 'x', new_text: 'y' });
    expect(output).toMatchObject({ ok: false, text: expect.stringContaining('not UTF-8') });
  });
});

describe('the other file tools', () => {
  it('writes into new directories and deletes', async () => {
    expect(await call('write_file', { path: 'new/dir/x.txt', content: "it's $HOME `id`\n" })).toMatchObject({
      ok: true,
    });
    expect(await scratch.read('new/dir/x.txt')).toBe("it's $HOME `id`\n");
    expect(await call('delete_file', { path: 'new/dir/x.txt' })).toMatchObject({ ok: true });
    expect(await call('delete_file', { path: 'new/dir' })).toMatchObject({ ok: false });
    expect((await call('write_file', { path: 'src', content: '' })).text).toContain('is a directory');
  });

  it('deletes a symbolic link, not what it leads to', async () => {
    expect(await call('delete_file', { path: 'link' })).toMatchObject({ ok: true });
    const still = await scratch.sandbox.exec({ command: ['test', '-e', '/etc/passwd'] });
    expect(still.exitCode).toBe(0);
  });

  it('lists and searches with relative paths', async () => {
    expect((await call('list_files', { path: 'src' })).text).toBe('src/deep/file name.ts');
    expect((await call('list_files', {})).text.split('\n')).toContain('crlf.txt');
    expect((await call('search', { pattern: 'need.e' })).text).toBe(
      'src/deep/file name.ts:1:export const needle = 1;',
    );
    expect((await call('search', { pattern: '(' })).ok).toBe(false);
    expect((await call('search', { pattern: 'x', path: 'nope' })).text).toContain('there is no nope');
  });
});

describe('run', () => {
  it('reports the exit code and both streams', async () => {
    const { ok, text } = await call('run', { command: 'echo out; echo err >&2; exit 3' });
    expect(ok).toBe(true);
    expect(text).toMatch(/^exit code 3 \(\d+ ms\)\nout\n--- stderr\nerr$/);
  });

  it('ends a command that takes too long', async () => {
    const { text } = await call('run', { command: 'sleep 20', timeout_seconds: 1 });
    expect(text).toMatch(/^ended: timeout/);
  });
});
