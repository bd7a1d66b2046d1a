// The figures of docs/benchmarks.md: npm run bench [-- Webhooks Claims]
import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePostgres } from '../src/store/ensure-postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { benchAcknowledge } from './bench/acknowledge.ts';
import { benchClaims } from './bench/claims.ts';
import { benchDemo } from './bench/demo-phases.ts';
import { benchDependencies } from './bench/dependencies.ts';
import { benchSandboxes } from './bench/sandboxes.ts';
import { benchStaticGates } from './bench/static-gates.ts';
import { benchTurns } from './bench/turns.ts';

const chosen = new Set(process.argv.slice(2));
const stateDir = await mkdtemp(join(tmpdir(), 'pullwright-bench-'));
chmodSync(stateDir, 0o755);
const server = await ensurePostgres({ stateDir, log: silentLog });
try {
  await migrate(server.url);
  await print('Static gates', () => benchStaticGates());
  await print('Turns', () => benchTurns(server.url));
  await print('Webhooks', () => benchAcknowledge(server.url));
  await print('Claims', () => benchClaims(server.url));
  await print('Sandboxes', () => benchSandboxes());
  await print('Dependencies', () => benchDependencies());
  await print('Demo', () => benchDemo());
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}

async function print(title: string, bench: () => Promise<readonly string[]>): Promise<void> {
  if (chosen.size > 0 && !chosen.has(title)) return;
  console.log(`\n## ${title}\n`);
  for (const line of await bench()) console.log(line);
}
