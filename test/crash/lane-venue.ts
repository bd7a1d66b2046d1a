import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { inspectPostmaster, type Postmaster } from '../../src/store/embedded/postmaster.ts';
import { serverHome, serverIdentity } from '../../src/store/embedded/server-identity.ts';
import { ensurePostgres } from '../../src/store/ensure-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { silentLog as log } from '../support/silent-log.ts';
import { cloneDatabase } from '../support/test-database.ts';
import type { Venue } from './run-cell.ts';

const template = 'crash_template';
const stoppedMsMax = 10_000;

/** A PostgreSQL server for one cell at a time, so that it can be restarted under that cell alone. */
export interface LaneVenue extends Venue {
  close(): Promise<void>;
}

/** Starts the server of this state directory, with an empty template; the directory may be used again. */
export async function openLaneVenue(stateDir: string, brokenOff?: AbortSignal): Promise<LaneVenue> {
  const server = await ensurePostgres({ stateDir, log });
  await renewTemplate(server.url);
  return {
    createDatabase: () => cloneDatabase(server.url, template),
    async restartServer() {
      await endAtOnce(stateDir);
      const again = await ensurePostgres({ stateDir, log });
      if (again.url !== server.url) throw new Error('the server came back at another address');
    },
    close: () => server.stop(),
    ...(brokenOff ? { brokenOff } : {}),
  };
}

/** Databases of a suite that was broken off go too. */
async function renewTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select datname as name from pg_database where datname like 'test\\_%' or datname = $1",
      [template],
    );
    for (const { name } of rows)
      await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
    await client.query(`create database ${template}`);
  } finally {
    await client.end();
  }
  const target = new URL(url);
  target.pathname = `/${template}`;
  await migrate(target.href);
}

/** Immediate shutdown: no checkpoint, every session ends in the middle of whatever it did. */
async function endAtOnce(stateDir: string): Promise<void> {
  const found = postmasterOf(stateDir);
  if (found.state === 'stopped') throw new Error('the server is not running');
  process.kill(found.pid, 'SIGQUIT');
  const startedMs = performance.now();
  while (postmasterOf(stateDir).state !== 'stopped') {
    if (performance.now() - startedMs > stoppedMsMax) throw new Error('the server does not stop');
    await sleep(5);
  }
}

/** The server of this state directory as the machine shows it. */
export function postmasterOf(stateDir: string): Postmaster {
  return inspectPostmaster(`${serverHome(stateDir, serverIdentity())}/pgdata-18`);
}
