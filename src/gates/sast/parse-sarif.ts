import { z } from 'zod';

/** One problem that another scanner names, as far as it can be tied to a line of ours. */
export interface SarifFinding {
  /** `tool/rule`, cut to what an identifier may hold. */
  readonly rule: string;
  readonly tool: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly message: string;
  /** `error`: what the scanner calls so, or whose security severity is high or critical. */
  readonly level: 'error' | 'warning';
}

/** The findings, or why there are none. */
export type SarifReading =
  | { readonly ok: true; readonly tools: readonly string[]; readonly findings: readonly SarifFinding[] }
  | { readonly ok: false; readonly problem: string };

/** More is refused and not cut: a change could hide behind noise of its own. */
const runsMax = 20;
const resultsMax = 5_000;
const textMax = 1_000;
/** https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
const highSeverity = 7;

const level = z.enum(['none', 'note', 'warning', 'error']);
const text = z.object({ text: z.string().optional() });
const rule = z.object({
  id: z.string().optional(),
  shortDescription: text.optional(),
  defaultConfiguration: z.object({ level: level.optional() }).optional(),
  properties: z.object({ 'security-severity': z.coerce.number().catch(0) }).optional(),
});
const lineNumber = z.number().int().min(1);
const region = z.object({ startLine: lineNumber.default(1), endLine: lineNumber.optional() });
const physical = z.object({
  artifactLocation: z.object({ uri: z.string().default('') }).default({ uri: '' }),
  region: region.default({ startLine: 1 }),
});
const location = z.object({ physicalLocation: physical.optional() });
const result = z.object({
  ruleId: z.string().optional(),
  ruleIndex: z.number().int().optional(),
  rule: z.object({ id: z.string().optional(), index: z.number().int().optional() }).optional(),
  kind: z.string().optional(),
  level: level.optional(),
  message: text.optional(),
  locations: z.array(location).optional(),
  suppressions: z.array(z.unknown()).nullish(),
  baselineState: z.string().optional(),
});
const log = z.object({
  version: z.string(),
  runs: z
    .array(
      z.object({
        tool: z.object({ driver: z.object({ name: z.string(), rules: z.array(rule).optional() }) }),
        results: z.array(result).max(resultsMax, `more than ${resultsMax} results`).nullish(),
      }),
    )
    .max(runsMax, `more than ${runsMax} runs`),
});

type Run = z.output<typeof log>['runs'][number];
type Result = z.output<typeof result>;
type Rule = z.output<typeof rule>;

/**
 * Reads SARIF 2.1.0 that a command in the sandbox wrote: nothing in it is believed but what is bounded here. What lies
 * outside the repository, or names no place, is left out.
 */
export function parseSarif(content: string): SarifReading {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, problem: content.trim() === '' ? 'wrote no SARIF' : 'wrote no valid JSON' };
  }
  const parsed = log.safeParse(json);
  if (!parsed.success) return { ok: false, problem: `wrote no SARIF: ${whyNot(parsed.error)}` };
  const { runs, version } = parsed.data;
  if (!version.startsWith('2.1')) return { ok: false, problem: 'wrote SARIF of another version than 2.1' };
  return { ok: true, tools: [...new Set(runs.map(toolOf))], findings: runs.flatMap(findingsOf) };
}

function whyNot(error: z.ZodError): string {
  const [first] = error.issues;
  return `${first?.message ?? ''} at ${first?.path.join('.') ?? ''}`.slice(0, 200);
}

function toolOf({ tool }: Run): string {
  return tool.driver.name.replace(/[^\w.-]+/g, '-').slice(0, 40) || 'scanner';
}

function findingsOf(run: Run): readonly SarifFinding[] {
  const tool = toolOf(run);
  return (run.results ?? []).flatMap((one) => {
    const place = placeOf(one);
    if (place === undefined || isNoProblem(one)) return [];
    const { id, known } = ruleOf(one, run.tool.driver.rules ?? []);
    const rule = `${tool}/${id.replace(/[^\w./-]+/g, '-').slice(0, 120)}`;
    return { ...place, tool, rule, level: levelOf(one, known), message: wordsOf(one, known) };
  });
}

function ruleOf(
  one: Result,
  rules: readonly Rule[],
): { readonly id: string; readonly known: Rule | undefined } {
  const indexed = rules[one.ruleIndex ?? one.rule?.index ?? -1];
  const id = one.ruleId ?? one.rule?.id ?? indexed?.id ?? 'unnamed';
  return { id, known: indexed?.id === id ? indexed : rules.find((candidate) => candidate.id === id) };
}

function isNoProblem({ kind = 'fail', baselineState, level: said }: Result): boolean {
  return kind !== 'fail' || baselineState === 'absent' || said === 'none';
}

/** A word in the source that silences a scanner is the change's own: it is pointed out all the same. */
function isSilenced({ suppressions }: Result): boolean {
  return (suppressions ?? []).length > 0;
}

function levelOf(one: Result, known: Rule | undefined): SarifFinding['level'] {
  if (isSilenced(one)) return 'warning';
  const said = one.level ?? known?.defaultConfiguration?.level;
  const severity = known?.properties?.['security-severity'] ?? 0;
  return said === 'error' || severity >= highSeverity ? 'error' : 'warning';
}

function wordsOf(one: Result, known: Rule | undefined): string {
  const words = one.message?.text ?? known?.shortDescription?.text ?? 'no message';
  const line = words.replace(/\s+/g, ' ').trim().slice(0, textMax);
  return isSilenced(one) ? `${line} (silenced in the source)` : line;
}

function placeOf({ locations = [] }: Result): Pick<SarifFinding, 'path' | 'line' | 'endLine'> | undefined {
  const [first] = locations;
  if (!first?.physicalLocation) return undefined;
  const { artifactLocation, region: lines } = first.physicalLocation;
  const path = pathOf(artifactLocation.uri);
  const { startLine: line, endLine = line } = lines;
  return path === undefined ? undefined : { path, line, endLine: Math.max(line, endLine) };
}

/** A path below the root; absolute ones are those of the sandbox. */
function pathOf(uri: string): string | undefined {
  const relative = decoded(uri)
    .replace(/^file:\/\//, '')
    .replace(/^\/workspace\//, '')
    .replace(/^(?:\.\/)+/, '');
  if (relative === '' || /^[/\\]|^[a-z][a-z0-9+.-]*:|\0/i.test(relative)) return undefined;
  return relative.split('/').includes('..') ? undefined : relative;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
