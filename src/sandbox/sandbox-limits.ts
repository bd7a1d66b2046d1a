import { readFileSync } from 'node:fs';
import type { SandboxLimits } from '../domain/sandbox.ts';

const mebibyte = 1024 * 1024;

/** What a sandbox may use when nothing else is said. */
export const defaultLimits: SandboxLimits = {
  wallClockMs: 10 * 60_000,
  memoryBytes: 4096 * mebibyte,
  processesMax: 512,
  cpusMax: 2,
  fileBytesMax: 4096 * mebibyte,
  outputBytesMax: 64 * mebibyte,
};

const openFilesMax = 4096;

/**
 * `prlimit` arguments for inside the sandbox, clamped to our own hard limits (asking for more makes prlimit fail).
 * NPROC counts per user namespace there; set outside, it is shared by all sandboxes of a uid and 102 of 400 starts
 * failed. DATA, not AS: an address-space limit breaks WebAssembly (Node's fetch) and the JVM.
 */
export function resourceLimitArguments(limits: SandboxLimits): readonly string[] {
  const hard = hardLimits();
  const clamp = (name: string, value: number): number => Math.min(value, hard.get(name) ?? value);
  return [
    `--nproc=${clamp('Max processes', limits.processesMax)}`,
    `--data=${clamp('Max data size', limits.memoryBytes)}`,
    `--fsize=${clamp('Max file size', limits.fileBytesMax)}`,
    `--nofile=${clamp('Max open files', openFilesMax)}`,
    '--core=0',
  ];
}

/** Hard limits of this process by their names in `/proc/self/limits`; unlimited ones are left out. */
function hardLimits(): ReadonlyMap<string, number> {
  const rows = readFileSync('/proc/self/limits', 'utf8').split('\n').slice(1);
  const limits = new Map<string, number>();
  for (const row of rows) {
    const found = /^(Max [a-z ]+?) {2,}\S+ +(\d+) /.exec(row);
    if (found?.[1] !== undefined) {
      limits.set(found[1], Number(found[2]));
    }
  }
  return limits;
}
