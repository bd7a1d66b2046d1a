import { parseArgs } from 'node:util';
import { type FaultCounts, faultKinds, noFaults } from '../test/simulation/faults.ts';
import { runSeed, type SeedResult } from '../test/simulation/run-seed.ts';

const usage = `usage: npm run simulate -- --seeds N [--from S]    simulates the seeds S, S+1, ... (S: 1 by default)
       npm run simulate -- --seed S [--trace]     one seed again, exactly as before; --trace prints every step
`;

/** The seeds to simulate, and whether to show every step. */
function readArguments(): { readonly seeds: readonly number[]; readonly trace: boolean } | undefined {
  const options = {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const [first, count] = values.seed === undefined ? [values.from, values.seeds] : [values.seed, '1'];
    if (!/^\d{1,9}$/.test(first) || !/^[1-9]\d{0,6}$/.test(count ?? '')) return undefined;
    const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
    return { seeds, trace: values.trace };
  } catch {
    return undefined;
  }
}

function report({ seed, hash, violations, ends, steps }: SeedResult): void {
  const ended = ends.length === 0 ? 'no run' : ends.map(nameOf).join(', ');
  console.log(`seed ${seed}: trace ${hash}, ${steps} steps, ${ended}`);
  for (const violation of violations) console.log(`  ${violation}`);
}

function nameOf({ trigger, state }: SeedResult['ends'][number]): string {
  return `${trigger} ${state}`;
}

interface Totals {
  readonly faults: FaultCounts;
  /** Runs by what they were asked for by and how they ended. */
  readonly ends: Map<string, number>;
  readonly failed: number[];
}

async function simulate(seeds: readonly number[], trace: boolean): Promise<Totals> {
  const totals: Totals = { faults: noFaults(), ends: new Map(), failed: [] };
  for (const [index, seed] of seeds.entries()) {
    const result = await runSeed(seed, trace ? { trace: (line) => console.log(line) } : {});
    for (const kind of faultKinds) totals.faults[kind] += result.faults[kind];
    for (const name of result.ends.map(nameOf)) totals.ends.set(name, (totals.ends.get(name) ?? 0) + 1);
    if (result.violations.length > 0) totals.failed.push(seed);
    if (result.violations.length > 0 || seeds.length === 1) report(result);
    if ((index + 1) % 200 === 0) console.log(`${index + 1} seeds, ${totals.failed.length} failed`);
  }
  return totals;
}

/** A whole run in which some kind of fault never came proves less than it says. */
const seedsOfWholeRun = 500;

async function main(): Promise<number> {
  const wanted = readArguments();
  if (!wanted) {
    process.stderr.write(usage);
    return 2;
  }
  const { seeds, trace } = wanted;
  const cpu = process.cpuUsage();
  const { faults, ends, failed } = await simulate(seeds, trace);
  const { user, system } = process.cpuUsage(cpu);
  const cpuMs = (user + system) / 1_000 / seeds.length;
  console.log(`faults fired: ${faultKinds.map((kind) => `${kind} ${faults[kind]}`).join(', ')}`);
  const ended = [...ends].map(([name, count]) => `${name} ${count}`);
  console.log(`runs: ${ended.join(', ')}`);
  console.log(`${seeds.length} seeds, ${failed.length} failed, ${cpuMs.toFixed(0)} ms of CPU each`);
  for (const seed of failed) console.log(`again: npm run simulate -- --seed ${seed}`);
  const unfired = seeds.length < seedsOfWholeRun ? [] : faultKinds.filter((kind) => faults[kind] === 0);
  if (unfired.length > 0) console.log(`never fired: ${unfired.join(', ')}`);
  return failed.length + unfired.length === 0 ? 0 : 1;
}

process.exitCode = await main();
