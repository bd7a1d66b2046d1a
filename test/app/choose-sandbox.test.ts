import { describe, expect, it } from 'vitest';
import { chooseSandbox } from '../../src/app/choose-sandbox.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import type { Sandbox, SandboxProblem } from '../../src/domain/sandbox.ts';
import { RecordingLog } from '../support/recording-log.ts';

const broken: SandboxProblem = { code: 'x', message: 'namespaces are forbidden', fix: 'allow them' };

function engineThat(holds: Readonly<Record<'bwrap' | 'container', boolean>>) {
  return (engine: 'bwrap' | 'container'): Sandbox => ({
    engine,
    probe: async () => ({
      ok: holds[engine],
      engine,
      version: '1.2',
      problems: holds[engine] ? [] : [broken],
    }),
    open: () => Promise.reject(new Error('not asked for')),
    adopt: async () => undefined,
    remove: async () => undefined,
  });
}

async function choose(
  wanted: string,
  holds: Readonly<Record<'bwrap' | 'container', boolean>>,
  localMode = false,
) {
  const log = new RecordingLog();
  const settings = parseSettings({ SANDBOX_ENGINE: wanted, SANDBOX_REGISTRIES: 'off' });
  const result = await chooseSandbox(settings, { localMode, log, create: engineThat(holds) }).then(
    ({ engine }) => engine,
    (error: unknown) => String(error),
  );
  return { result, log };
}

describe('the choice of an engine', () => {
  it('is bubblewrap where that holds', async () => {
    expect((await choose('auto', { bwrap: true, container: true })).result).toBe('bwrap');
  });

  it('falls to containers only where those hold everything too, and says so', async () => {
    const { result, log } = await choose('auto', { bwrap: false, container: true });
    expect(result).toBe('container');
    expect(JSON.stringify(log.lines)).toContain('namespaces are forbidden');
  });

  it('is nothing where none holds, with what to do for each', async () => {
    const { result } = await choose('auto', { bwrap: false, container: false });
    expect(result).toMatch(/bwrap: .*allow them.*container: .*allow them/);
  });

  it('does not become another one than the one that is asked for', async () => {
    expect((await choose('bwrap', { bwrap: false, container: true })).result).toContain('namespaces');
    expect((await choose('container', { bwrap: true, container: false })).result).toContain('namespaces');
  });

  it('is none in local mode only, with a warning', async () => {
    expect((await choose('none', { bwrap: true, container: true })).result).toContain('local mode only');
    const local = await choose('none', { bwrap: true, container: true }, true);
    expect(local.result).toBe('none');
    expect(JSON.stringify(local.log.lines)).toContain('WITHOUT isolation');
  });
});
