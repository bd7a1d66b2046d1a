import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../domain/app-error.ts';
import { type GithubEndpoints, githubEndpoints } from './github-endpoints.ts';
import { type RawSettings, settingsSchema } from './settings.ts';

export interface AppCredentials {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecrets: readonly string[];
}

/** What the program runs with: validated, defaults filled in. Holds secrets: never logged whole. */
export interface Settings
  extends Omit<RawSettings, 'APP_ID' | 'PRIVATE_KEY' | 'PRIVATE_KEY_PATH' | 'WEBHOOK_SECRET'> {
  /** Null until the App is set up. */
  readonly credentials: AppCredentials | null;
  readonly github: GithubEndpoints;
  readonly stateDir: string;
  /** What the operator's environment tells package managers about registries. */
  readonly packageManagerEnv: Readonly<Record<string, string>>;
  /** What the operator's environment tells the client of the container engine about where that listens. */
  readonly containerEnv: Readonly<Record<string, string>>;
}

const secretNames = [
  'PRIVATE_KEY',
  'WEBHOOK_SECRET',
  'WEBHOOK_SECRET_PREVIOUS',
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'DATABASE_URL',
];

type Environment = Record<string, string | undefined>;

/**
 * Reads the environment, then `.env` in the working directory for what the environment does not say (the reverse
 * of Probot, whose `.env` overwrites real variables). Secrets are removed from the environment afterwards, so that
 * a child process started without an explicit one cannot inherit them.
 *
 * Throws `config-invalid` naming each variable.
 */
export function readSettings(
  options: { readonly env?: Environment; readonly envFile?: string } = {},
): Settings {
  const env = options.env ?? process.env;
  const settings = parseSettings({ ...readEnvFile(options.envFile ?? '.env'), ...present(env) });
  for (const name of secretNames) delete env[name];
  return settings;
}

/** The same from plain values: for tests and the demo. */
export function parseSettings(values: Environment): Settings {
  const parsed = settingsSchema.safeParse(present(values));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('config-invalid', problems.join('; '));
  }
  const { APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH, WEBHOOK_SECRET, ...rest } = parsed.data;
  return {
    ...rest,
    credentials: credentials({
      APP_ID,
      PRIVATE_KEY,
      PRIVATE_KEY_PATH,
      WEBHOOK_SECRET,
      previous: rest.WEBHOOK_SECRET_PREVIOUS,
    }),
    github: githubEndpoints(rest.GHE_HOST, rest.GHE_PROTOCOL),
    stateDir: rest.PULLWRIGHT_HOME ?? defaultStateDir(),
    packageManagerEnv: selected(values, packageManagerNames),
    containerEnv: selected(values, containerNames),
  };
}

interface CredentialParts {
  readonly APP_ID: number | undefined;
  readonly PRIVATE_KEY: string | undefined;
  readonly PRIVATE_KEY_PATH: string | undefined;
  readonly WEBHOOK_SECRET: string | undefined;
  readonly previous: string | undefined;
}

function credentials(from: CredentialParts): AppCredentials | null {
  const key = from.PRIVATE_KEY?.replaceAll('\\n', '\n') ?? keyFromFile(from.PRIVATE_KEY_PATH);
  if ([from.APP_ID, key, from.WEBHOOK_SECRET].every((part) => part === undefined)) return null;
  if (from.APP_ID === undefined || key === undefined || from.WEBHOOK_SECRET === undefined) {
    throw incomplete({
      APP_ID: from.APP_ID,
      'PRIVATE_KEY or PRIVATE_KEY_PATH': key,
      WEBHOOK_SECRET: from.WEBHOOK_SECRET,
    });
  }
  checkSecret('WEBHOOK_SECRET', from.WEBHOOK_SECRET);
  checkSecret('WEBHOOK_SECRET_PREVIOUS', from.previous);
  return {
    appId: from.APP_ID,
    privateKey: key,
    webhookSecrets: [from.WEBHOOK_SECRET, from.previous].filter((value) => value !== undefined),
  };
}

function incomplete(parts: Readonly<Record<string, unknown>>): AppError {
  const missing = Object.keys(parts).filter((name) => parts[name] === undefined);
  return new AppError('config-invalid', `the App is set up only in part: ${missing.join(', ')} is missing`);
}

/** GitHub advises a high-entropy secret; below 32 bytes it can be guessed offline from one signed delivery. */
function checkSecret(name: string, value: string | undefined): void {
  if (value === undefined || Buffer.byteLength(value) >= 32) return;
  throw new AppError('config-invalid', `${name} must have at least 32 bytes`, {
    hint: 'make one with: openssl rand -hex 32',
  });
}

function keyFromFile(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('config-invalid', `PRIVATE_KEY_PATH cannot be read: ${path}`, { cause: error });
  }
}

function readEnvFile(path: string): Environment {
  return existsSync(path) ? present(parseEnv(readFileSync(path, 'utf8'))) : {};
}

function present(values: Environment): Environment {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}

const packageManagerNames =
  /^(npm_config_registry|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|UV_INDEX_URL|UV_DEFAULT_INDEX|GOPROXY)$/i;

/** HOME and XDG_RUNTIME_DIR: a rootless engine finds its storage and its socket by them. */
const containerNames =
  /^(DOCKER_HOST|DOCKER_CONTEXT|DOCKER_CONFIG|DOCKER_TLS_VERIFY|DOCKER_CERT_PATH|CONTAINER_HOST|HOME|XDG_RUNTIME_DIR)$/;

function selected(values: Environment, names: RegExp): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && names.test(name) ? [[name, value] as const] : [],
    ),
  );
}

/** Root's state lies outside /root, because the sandbox's unprivileged uid must be able to reach it. */
function defaultStateDir(): string {
  if (process.getuid?.() === 0) return '/var/lib/pullwright';
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'pullwright');
}
