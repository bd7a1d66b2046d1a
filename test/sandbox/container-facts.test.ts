import { describe, expect, it } from 'vitest';
import type { ContainerCli } from '../../src/sandbox/container-cli.ts';
import { containerFacts } from '../../src/sandbox/container-facts.ts';
import { engineProblems, unreachable } from '../../src/sandbox/probe-container.ts';

const answering = (info: unknown): ContainerCli => ({
  program: 'docker',
  run: async () => JSON.stringify(info),
  spawn: () => {
    throw new Error('not asked for');
  },
});

describe('what a container engine says about itself', () => {
  it.each([
    [
      'a rootful Docker',
      { ServerVersion: '20.10', SecurityOptions: ['name=seccomp,profile=default'], Runtimes: { runc: {} } },
      { product: 'docker', isRootless: false, ownUserIsZeroInside: false, options: [], missingLimits: [] },
    ],
    [
      'a Docker that remaps users, who could not write to a workspace',
      { ServerVersion: '28.0', SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns'] },
      { options: ['--userns', 'host'] },
    ],
    [
      'a rootless Docker without control groups',
      {
        ServerVersion: '28.0',
        SecurityOptions: ['name=rootless'],
        MemoryLimit: false,
        PidsLimit: false,
        CpuCfsQuota: false,
      },
      {
        isRootless: true,
        ownUserIsZeroInside: true,
        missingLimits: ['memory', 'processes', 'processor time'],
      },
    ],
    [
      'a rootful Podman',
      { host: { security: { rootless: false } }, version: { Version: '4.3.1' } },
      { product: 'podman', version: '4.3.1', options: ['--ulimit', 'nproc=16384:16384'], missingLimits: [] },
    ],
    [
      'a rootless Podman with part of the control groups',
      {
        host: { security: { rootless: true }, cgroupControllers: ['memory', 'pids'] },
        version: { Version: '5.0' },
      },
      {
        ownUserIsZeroInside: false,
        options: ['--userns', 'keep-id', '--ulimit', 'nproc=16384:16384'],
        missingLimits: ['processor time'],
      },
    ],
  ])('reads %s', async (_name, info, expected) => {
    expect(await containerFacts(answering(info))).toMatchObject(expected);
  });

  it('fails for a client without an engine', async () => {
    const info = { ServerVersion: '', ServerErrors: ['Cannot connect'] };
    await expect(containerFacts(answering(info))).rejects.toThrow('Cannot connect');
  });

  it('counts limits that cannot be kept, and an unknown runtime, as problems', async () => {
    const facts = await containerFacts(
      answering({ ServerVersion: '1', PidsLimit: false, Runtimes: { runc: {} } }),
    );
    expect(engineProblems(facts, { runtime: 'runsc' }).map(({ code }) => code)).toEqual([
      'container-limits-missing',
      'container-runtime-missing',
    ]);
    expect(engineProblems(facts, { runtime: null }).map(({ message }) => message)).toEqual([
      'the engine cannot limit processes',
    ]);
  });

  it('tells an engine that is not there from one that does not answer', () => {
    expect(unreachable('docker', 'ended with ENOENT').code).toBe('container-engine-missing');
    expect(unreachable('docker', 'permission denied').code).toBe('container-engine-unreachable');
  });
});
