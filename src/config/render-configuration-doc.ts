import { z } from 'zod';
import { agentConfigSchema } from './agent-config.ts';
import { settingsSchema } from './settings.ts';

interface JsonField {
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly anyOf?: readonly JsonField[];
  readonly properties?: Readonly<Record<string, JsonField>>;
  readonly items?: JsonField;
}

/** The text of `docs/configuration.md`, made from the schemas; a test compares the file with it. */
export function renderConfigurationDoc(): string {
  return [
    '# Configuration',
    '',
    'Generated from the schemas in `src/config/` by `npm run docs`; do not edit by hand.',
    '',
    '## Environment variables',
    '',
    'Real environment variables win over a `.env` file in the working directory. An empty variable counts as absent.',
    '',
    '| variable | default | meaning |',
    '|---|---|---|',
    ...rows(fields(settingsSchema), ''),
    '',
    '## `.github/agent.yml`',
    '',
    'Read from the base branch only, so that a pull request cannot change the rules it is judged by. A value that is',
    'not valid stops the run with one comment that names line, key and what was expected.',
    '',
    '| key | default | meaning |',
    '|---|---|---|',
    ...rows(fields(agentConfigSchema), ''),
    '',
  ].join('\n');
}

/** The JSON schema of `.github/agent.yml`, for editors. */
export function agentConfigJsonSchema(): unknown {
  return z.toJSONSchema(agentConfigSchema, { io: 'input' });
}

function fields(schema: z.ZodType): Readonly<Record<string, JsonField>> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonField;
  return json.properties ?? {};
}

function rows(properties: Readonly<Record<string, JsonField>>, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    `| \`${prefix}${name}\` | ${defaultOf(field)} | ${field.description ?? ''}${choices(field)} |`,
    ...(field.properties ? rows(field.properties, `${prefix}${name}.`) : []),
    ...(field.items?.properties ? rows(field.items.properties, `${prefix}${name}[].`) : []),
  ]);
}

function defaultOf(field: JsonField): string {
  return field.default === undefined || field.default === ''
    ? '–'
    : `\`${JSON.stringify(field.default).replaceAll('"', '')}\``;
}

function choices(field: JsonField): string {
  return field.enum ? ` One of ${field.enum.map((value) => `\`${String(value)}\``).join(', ')}.` : '';
}
