import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { gatesConfigSchema } from './gates-config.ts';
import { insidePath } from './inside-path.ts';
import { pullConfigSchema } from './pull-config.ts';

const shell = z.string().min(1).max(2_000);

const detailed = z.strictObject({
  run: shell.describe('The shell command.'),
  directory: insidePath.optional().describe('Working directory, relative to the root.'),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(2_000))
    .optional()
    .describe('Environment variables of this command.'),
  format: z
    .enum([
      'junit',
      'tap',
      'vitest-json',
      'jest-json',
      'mocha-json',
      'rspec-json',
      'go-json',
      'cargo-text',
      'unittest-text',
      'trx',
      'exit-code',
    ])
    .optional()
    .describe('How the output of a test command tells about single tests; default: only its exit code.'),
  report: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe(
      'File that the test command writes its report to: below `/out`, relative to its directory, or `*/…` for every file that matches; default: standard output.',
    ),
});

const coverageCommand = z.strictObject({
  run: shell.describe('Runs the tests with coverage.'),
  directory: insidePath.optional().describe('Working directory, relative to the root.'),
  env: detailed.shape.env,
  format: z
    .enum(['lcov', 'coverage-xml', 'istanbul', 'coverage-py', 'go-profile'])
    .describe('Format of the report; `coverage-xml` is Cobertura, Clover or JaCoCo.'),
  report: z
    .string()
    .min(1)
    .max(500)
    .describe('File that holds the report: below `/out`, relative to its directory, or `*/…`.'),
});

const usd = z.number().positive().max(10_000);

const budgetsConfigSchema = z.strictObject({
  run_usd: usd
    .optional()
    .describe('Most that one run may spend; the same as `budget_usd`, the lower one holds.'),
  user_day_usd: usd
    .optional()
    .describe('Most that the runs which one person asked for in this repository may spend in a day (UTC).'),
  repository_day_usd: usd
    .optional()
    .describe('Most that all runs in this repository may spend in a day (UTC).'),
});

const one = z.union([shell, detailed]);
const command = z.union([one, z.array(one).max(20)]);

/**
 * `.github/agent.yml`, read from the base branch only. Unknown keys are problems: a misspelt key must not be
 * ignored in silence.
 */
export const agentConfigSchema = z.strictObject({
  base: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Branch that pull requests target; default: the default branch.'),
  commands: z
    .strictObject({
      setup: command.optional().describe('Fetches dependencies; may reach the registries.'),
      build: command.optional().describe('Runs after set-up, without network.'),
      test: command.optional().describe('Runs the tests.'),
      lint: command.optional().describe('Runs the linter.'),
      typecheck: command.optional().describe('Checks types.'),
      coverage: z
        .union([coverageCommand, z.array(coverageCommand).max(20)])
        .optional()
        .describe('Measures coverage; an empty list: not measured.'),
    })
    .optional()
    .describe('Commands of the repository; what is absent is detected.'),
  directory: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Working directory of the commands, relative to the root.'),
  budget_usd: z
    .number()
    .positive()
    .max(1_000)
    .optional()
    .describe("Most that one run may spend here; the operator's limit still holds."),
  budgets: budgetsConfigSchema
    .optional()
    .describe("Limits in US dollars; where the operator's is lower, that one holds."),
  journal: z
    .enum(['full', 'record', 'off'])
    .optional()
    .describe(
      'What of a run goes to `refs/agent/journal/<run>` here: `full` (a lost database is rebuilt and the run goes on), `record` (without the conversation), `off`. Default: AGENT_JOURNAL.',
    ),
  gates: gatesConfigSchema
    .optional()
    .describe('Mode and thresholds of each gate; what is absent has its default.'),
  pull_request: pullConfigSchema.optional().describe('How pull requests of the bot look here.'),
  control_issue: z
    .boolean()
    .optional()
    .describe(
      'Whether one issue, `Pullwright dashboard`, shows the queue, what waits for people, outcomes and spend, with boxes that are commands. Read from the default branch. Default: false.',
    ),
  protected: z
    .array(z.string().min(1).max(200))
    .max(50)
    .optional()
    .describe(
      'Paths besides those that always are protected; a change there waits for a maintainer before anything is pushed. `*`, `?` and `**` as in `.gitignore`.',
    ),
  plan: z
    .enum(['always', 'risk', 'never'])
    .optional()
    .describe('Which plans wait for `/agent approve` before anything is changed. Default: `risk`.'),
  instructions: z
    .string()
    .max(8_000)
    .optional()
    .describe('What the agent should know about this repository.'),
});

export type AgentConfig = z.output<typeof agentConfigSchema>;

/** What is wrong, in words that name line, key and what was expected. */
export interface ConfigProblem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/**
 * Parses the file. Defaults stand only for what is absent: with any problem `config` is null and the run is
 * refused, because guessing what a person meant is worse than asking.
 */
export function parseAgentConfig(text: string): {
  readonly config: AgentConfig | null;
  readonly problems: readonly ConfigProblem[];
} {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true });
  if (document.errors.length > 0) {
    return {
      config: null,
      problems: document.errors.slice(0, 10).map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        key: '',
        message: error.message.split('\n')[0] ?? 'not valid YAML',
      })),
    };
  }
  return validate(document, lines);
}

function validate(document: Document.Parsed, lines: LineCounter): ReturnType<typeof parseAgentConfig> {
  const alias = firstAlias(document);
  if (alias !== null) {
    return {
      config: null,
      problems: [{ line: lines.linePos(alias).line, key: '', message: 'aliases are not supported' }],
    };
  }
  const value: unknown = document.toJS() ?? {};
  const parsed = agentConfigSchema.safeParse(value);
  if (parsed.success) return { config: parsed.data, problems: [] };
  const problems = parsed.error.issues.slice(0, 10).map((issue) => {
    const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path.map(String), ...extra];
    return { line: lineOf(document, lines, path), key: path.join('.'), message: issue.message };
  });
  return { config: null, problems };
}

/** Aliases are refused: a few lines of them expand to gigabytes. */
function firstAlias(document: Document.Parsed): number | null {
  let offset: number | null = null;
  visit(document, {
    Alias(_key, node) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly string[]): number {
  let node: unknown = document.contents;
  let line = 1;
  for (const part of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part);
    if (!pair) break;
    if (isScalar(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line;
    node = pair.value;
  }
  return line;
}
