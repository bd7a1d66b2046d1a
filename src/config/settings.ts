import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().positive();
const count = z.coerce.number().int().min(1);

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const commaList = z.string().default('').transform(list);
const idList = z
  .string()
  .default('')
  .transform((text) => list(text).map(Number))
  .refine(
    (ids) => ids.every((id) => Number.isSafeInteger(id) && id > 0),
    'expected numeric ids, separated by commas',
  );

/**
 * Every environment variable that Pullwright reads. `docs/configuration.md` is generated from this schema and a
 * test compares the two. An empty variable counts as absent.
 */
export const settingsSchema = z.object({
  APP_ID: z.coerce.number().int().positive().optional().describe('Id of the GitHub App.'),
  PRIVATE_KEY: z.string().optional().describe('Private key of the App, PEM; `\\n` stands for a line break.'),
  PRIVATE_KEY_PATH: z.string().optional().describe('File that holds the private key.'),
  WEBHOOK_SECRET: z.string().optional().describe('Webhook secret of the App, at least 32 bytes.'),
  WEBHOOK_SECRET_PREVIOUS: z
    .string()
    .optional()
    .describe('Accepted beside the new secret during a rotation.'),
  WEBHOOK_PROXY_URL: z.url().optional().describe('smee.io channel for development.'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  PORT: port.default(3000).describe('Port to listen on.'),
  GHE_HOST: z.string().optional().describe('Host of a GitHub Enterprise server; absent: github.com.'),
  GHE_PROTOCOL: z
    .enum(['https', 'http'])
    .default('https')
    .describe('`http` is accepted for loopback hosts only.'),
  DATABASE_URL: z
    .string()
    .optional()
    .describe('PostgreSQL 15 or newer; absent: an embedded server in the state directory.'),
  PULLWRIGHT_HOME: z
    .string()
    .optional()
    .describe('State directory; default `/var/lib/pullwright` for root, else `~/.local/state/pullwright`.'),
  AGENT_LABEL: z.string().min(1).max(50).default('agent').describe('The label that starts a run.'),
  AGENT_MODELS: commaList.describe(
    'Model chain, `anthropic:<model>` or `openai:<model>`, in order of preference.',
  ),
  AGENT_BUDGET_USD: positive
    .default(5)
    .describe('Most that one run may spend, in US dollars, unless `/agent budget` gives it another budget.'),
  AGENT_BUDGET_MAX_USD: positive
    .default(20)
    .describe('Most that `/agent budget` may give one run; where `AGENT_BUDGET_USD` is more, that much.'),
  AGENT_BUDGET_USER_DAY_USD: positive
    .optional()
    .describe(
      'Most that all runs which one person asked for may spend in a day (UTC), in all repositories; absent: no limit.',
    ),
  AGENT_BUDGET_REPOSITORY_DAY_USD: positive
    .optional()
    .describe('Most that all runs in one repository may spend in a day (UTC); absent: no limit.'),
  AGENT_BUDGET_DAY_USD: positive
    .optional()
    .describe('Most that all runs of this bot may spend in a day (UTC); absent: no limit.'),
  AGENT_TOKENS_MAX: count.default(5_000_000).describe('Token cap per run where a price is not known.'),
  AGENT_TURNS_MAX: count.default(120).describe('Most turns of one run.'),
  AGENT_MINUTES_MAX: positive.default(45).describe('Most minutes of implementing in one run.'),
  AGENT_REPAIR_SECONDS: positive.default(60).describe('Time the embedded repair engine may search.'),
  AGENT_JOURNAL: z
    .enum(['auto', 'full', 'record', 'off'])
    .default('auto')
    .describe(
      'What of a run goes to `refs/agent/journal/<run>` of its repository where `.github/agent.yml` does not say. `auto`: `full` for private repositories, `record` for public ones.',
    ),
  AGENT_DEPENDENCY_CACHE_GIB: z.coerce
    .number()
    .min(0)
    .default(10)
    .describe(
      'What the cache of fetched dependencies may hold in the state directory, in GiB; the layer used longest ago goes first. 0: every set-up fetches.',
    ),
  AGENT_DEPENDENCY_CACHE_DAYS: positive
    .default(7)
    .describe('A layer of the dependency cache that is older is fetched again.'),
  AGENT_COMMITS: z
    .enum(['api', 'git'])
    .default('api')
    .describe(
      'How commits reach GitHub: `api` (GitHub signs them as the App; git where the API cannot carry a change), `git` (pushed, unsigned).',
    ),
  EVIDENCE_KEY_PATH: z
    .string()
    .optional()
    .describe(
      'Ed25519 key (PEM) that signs evidence; default `evidence-key.pem` in the state directory, made at the first start. Several machines share one.',
    ),
  ONBOARDING: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      '`on`: a repository that the App is installed on is offered a `.github/agent.yml` as a pull request.',
    ),
  AGENT_CONCURRENCY: count.default(2).describe('Runs that one worker process works on at once.'),
  INSTALLATION_CONCURRENCY: count
    .default(10)
    .describe('Runs of one installation that work at once, over all processes.'),
  REPOSITORY_CONCURRENCY: count
    .default(2)
    .describe('Runs of one repository (different issues) that work at once, over all processes.'),
  AUDIT_HOURS: z.coerce
    .number()
    .min(0)
    .max(500)
    .default(24)
    .describe('The bot audits its runs of the last week this often (`pullwright audit`); 0: never.'),
  RUN_HOURS_MAX: positive
    .default(24)
    .describe('A run that cannot go on by itself is ended this many hours after it was asked for.'),
  CI_MINUTES_MAX: z.coerce
    .number()
    .min(0)
    .max(1_440)
    .default(120)
    .describe(
      'A draft whose gates are green waits this long for the checks of others before it stays one; 0: they are neither read nor waited for.',
    ),
  CI_GRACE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(90)
    .describe(
      'How long after a push checks are waited for that ran on the base, or for pull requests before, and have not appeared; required ones are waited for as long as others.',
    ),
  WRITE_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(1_000)
    .describe('Pause between two writes to GitHub in one installation; GitHub asks for at least 1000.'),
  LEASE_MS: count
    .default(8_000)
    .describe('A worker that shows no life for this long loses its runs to another.'),
  RUN_CRASHES_MAX: count
    .default(3)
    .describe('A run over which this many workers died is ended, so that it takes no more of them down.'),
  HEARTBEAT_MS: count.default(500).describe('How often a worker shows that it lives.'),
  ANTHROPIC_API_KEY: z.string().optional().describe('Key for `anthropic:` models.'),
  ANTHROPIC_BASE_URL: z.url().optional().describe('Other endpoint of the Anthropic Messages protocol.'),
  OPENAI_API_KEY: z.string().optional().describe('Key for `openai:` models; any text for a local server.'),
  OPENAI_BASE_URL: z
    .url()
    .optional()
    .describe('Other endpoint of the Chat Completions protocol (Ollama, vLLM, OpenRouter, ...).'),
  SANDBOX_ENGINE: z
    .enum(['auto', 'bwrap', 'container', 'none'])
    .default('auto')
    .describe(
      "Where repositories' code runs. `auto`: bubblewrap where it fully works, else containers where they fully work, else nothing runs. `none` runs without isolation: local mode only.",
    ),
  SANDBOX_IMAGE: z
    .string()
    .min(1)
    .default('pullwright-sandbox')
    .describe('Image of the container engine; never pulled. `deploy/sandbox-image.sh` makes one.'),
  SANDBOX_RUNTIME: z
    .string()
    .min(1)
    .optional()
    .describe('OCI runtime of the container engine, such as `runsc`; absent: its own default.'),
  SANDBOX_CONTAINER_CLI: z
    .string()
    .min(1)
    .optional()
    .describe(
      '`docker`, `podman` or the path of one; absent: `docker`, or `podman` where there is no Docker.',
    ),
  SANDBOX_REGISTRIES: commaList.describe(
    "Hosts that the set-up phase may reach, `host` or `host:port`; empty: those that this machine's package managers are configured with; `off`: none.",
  ),
  OSV_URL: z
    .union([z.literal('off'), z.url({ protocol: /^https?$/ })])
    .default('https://api.osv.dev')
    .describe(
      'Service that is asked for advisories about new dependencies; it learns their names and versions. `off`: none is asked.',
    ),
  REPOSITORY_FILES_MAX: count.default(1_000_000).describe('Repositories with more files are refused.'),
  TRUSTED_APP_IDS: idList.describe("Numeric ids of Apps whose labels and commands count like a person's."),
  RECONCILE_MINUTES: positive
    .default(5)
    .describe("How often GitHub's log of deliveries is compared with what has arrived."),
  SWEEP_MINUTES: positive
    .default(30)
    .describe(
      'How often repositories are looked through for labels and commands that no delivery announced.',
    ),
  RETENTION_DAYS: count
    .default(30)
    .describe('Rows of an uninstalled App are deleted after this many days; clones at once.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log line that is written.'),
});

export type RawSettings = z.output<typeof settingsSchema>;
