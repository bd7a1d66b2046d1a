// What the gates that only read say about merged commits of public repositories: people accepted these, so what
// blocks or holds is false or a matter of taste.
//   npm run eval:clean -- --commits 60 --gates complexity,secrets [--show] PATH...
// PATH: git directories with history; the newest commits without a second parent are judged against their parents.
// The dependencies gate takes every package for an old one, as no registry is asked.
import { execFileSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createGates } from '../src/app/create-gates.ts';
import { readSettings } from '../src/config/read-settings.ts';
import type { Gate, Verdict } from '../src/domain/gate.ts';
import { runGates } from '../src/gates/run-gates.ts';
import { notStatic, treesInput } from './eval/trees-input.ts';

const { values: options, positionals } = parseArgs({
  options: {
    commits: { type: 'string', default: '60' },
    gates: { type: 'string', default: 'parse,complexity,secrets,sast' },
    show: { type: 'boolean' },
  },
  allowPositionals: true,
});

interface Counts {
  judged: number;
  blocked: number;
  held: number;
}

function git(gitDir: string, ...args: readonly string[]): string {
  return execFileSync('git', ['--git-dir', gitDir, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
}

function show(gitDir: string, commit: string, verdict: Verdict): void {
  if (!options.show) return;
  const [first] = verdict.findings.filter(({ level }) => level === 'error');
  const words = first ? `${first.path}:${first.line}: ${first.message}` : verdict.summary;
  process.stdout.write(`${basename(dirname(gitDir))} ${commit.slice(0, 10)} ${verdict.gate}: ${words}\n`);
}

async function judgeCommit(gates: readonly Gate[], gitDir: string, commit: string): Promise<void> {
  const [base, head] = [`${commit}~^{tree}`, `${commit}^{tree}`].map((name) =>
    git(gitDir, 'rev-parse', name),
  );
  if (base === undefined || head === undefined || base === head) return;
  for (const verdict of await runGates(gates, await treesInput(gitDir, base, head))) {
    const counts = table.get(verdict.gate) ?? { judged: 0, blocked: 0, held: 0 };
    table.set(verdict.gate, counts);
    if (verdict.status === 'not-run') continue;
    counts.judged += 1;
    if (verdict.status === 'pass' || !(verdict.blocking || verdict.held === true)) continue;
    counts[verdict.blocking ? 'blocked' : 'held'] += 1;
    show(gitDir, commit, verdict);
  }
}

const table = new Map<string, Counts>();
const wanted = options.gates.split(',');
const all = createGates(readSettings({ env: { OSV_URL: 'off' }, envFile: '/nonexistent' }));
const gates = all.gates.filter(({ name }) => wanted.includes(name) && !notStatic.has(name));
if (gates.length < wanted.length)
  throw new Error(`only ${gates.map(({ name }) => name).join(', ')} read texts alone`);
let commits = 0;
try {
  for (const gitDir of positionals) {
    const listed = git(gitDir, 'rev-list', '--no-merges', `--max-count=${options.commits}`, 'HEAD').split(
      '\n',
    );
    for (const commit of listed) await judgeCommit(gates, gitDir, commit);
    commits += listed.length;
  }
} finally {
  await all.close();
}
process.stdout.write(`${commits} commits\n`);
for (const [gate, { judged, blocked, held }] of table) {
  process.stdout.write(`${gate.padEnd(14)} ${judged} judged, ${blocked} blocked, ${held} held\n`);
}
