import { type ClientBase, Pool } from 'pg';
import type { Logger } from '../domain/logger.ts';
import { asStoreError, isConflict } from './postgres-error.ts';
import { statement } from './statement.ts';

/** A row as the driver gives it: snake_case, `bigint` and `numeric` as strings. Mapped once, by the store that asked. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs statements of `sql/` by name, on some connection or on the one of a transaction. */
export interface Statements {
  run(name: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** The same connection for pg-boss, which brings statements of its own. */
  readonly executeSql: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
}

export interface Database extends Statements {
  readonly pool: Pool;
  /** One transaction; tried again, up to three times in all, when Postgres ended it because of a deadlock. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Sessions that cannot hang for ever: a dead peer is noticed in 5.5 s (measured with dropped packets), a stuck
 * statement after 60 s, a transaction that its owner forgot after 30 s. Commits wait for the disk, whatever the
 * database's own default says.
 */
export const sessionOptions = [
  'tcp_keepalives_idle=2',
  'tcp_keepalives_interval=1',
  'tcp_keepalives_count=3',
  'tcp_user_timeout=5000',
  'statement_timeout=60000',
  'idle_in_transaction_session_timeout=30000',
  'synchronous_commit=on',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export function openDatabase(options: {
  readonly url: string;
  readonly log: Logger;
  readonly poolMax: number;
}): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    options: sessionOptions,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'pullwright',
  });
  const lost = (error: Error): void =>
    options.log.warn('postgres.connection-lost', { message: error.message });
  // The pool itself listens to idle connections only: one that is lent out and between two statements, as a restart of
  // Postgres finds it, would end the process.
  pool.on('connect', (client) => client.on('error', lost));
  pool.on('error', () => undefined);
  return {
    ...statementsOn(pool),
    pool,
    transaction: (work) => withRetry(() => inTransaction(pool, work)),
    close: () => pool.end(),
  };
}

async function withRetry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 3 || !isConflict(error)) throw asStoreError(error);
    }
  }
}

async function inTransaction<T>(pool: Pool, work: (statements: Statements) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(statementsOn(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/**
 * Statements that each connection parses and plans once: the insert costs Postgres 0.18 ms of CPU so, else 0.29. Only
 * such as return named columns: a `*` fails on a connection that is older than a migration.
 */
const prepared: ReadonlySet<string> = new Set(['insert-delivery']);

/** Anything that can run a query: the pool, or one connection of it. */
function statementsOn(connection: Pool | ClientBase): Statements {
  return {
    async run(name, values = []) {
      try {
        const query = { text: statement(name), values: values.map(storable) };
        return (await connection.query<Row>(prepared.has(name) ? { ...query, name } : query)).rows;
      } catch (error) {
        throw asStoreError(error);
      }
    },
    executeSql: async (text, values) => await connection.query<Row>(text, values),
  };
}

/** Postgres text holds neither NUL nor half a surrogate pair; both come in with other people's text. */
function storable(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}
