import type { CheckAction, CheckAnnotation, CheckConclusion } from '../domain/effect.ts';
import type { Finding, GateName, Verdict } from '../domain/gate.ts';
import type { PublishableText } from '../domain/ids.ts';
import { blocks, isHeld, needsAttention } from '../domain/verdicts.ts';
import { shownHashChars } from '../domain/waits.ts';
import { codeBlock, joinText, limitText, markdown } from '../text/markdown.ts';
import { plainLine, publishedCharsMax } from '../text/publishable.ts';
import { releaseOf } from './release-of.ts';
import type { RunRecord } from './run-record.ts';
import { evidenceTable } from './sections/evidence.ts';
import { verdictName } from './sections/summary.ts';
import { code, say } from './show.ts';

/** A check run's content, without the commit that it is published on. */
export interface RenderedCheck {
  readonly name: string;
  /** Null: it is going on. */
  readonly conclusion: CheckConclusion | null;
  readonly title: PublishableText;
  readonly summary: PublishableText;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly CheckAction[];
}

const groups: readonly { readonly name: string; readonly gates: readonly GateName[] }[] = [
  { name: 'agent / tests', gates: ['tests', 'integrity', 'coverage'] },
  { name: 'agent / security', gates: ['secrets', 'sast', 'dependencies', 'policy'] },
  {
    name: 'agent / quality',
    gates: ['lint', 'parse', 'complexity', 'duplication', 'docs', 'hallucination', 'claims'],
  },
];

/** GitHub takes 50 annotations per request; 4 requests are enough for a person. */
const annotationsMax = 200;
/** The logs of one gate; a group of seven has to stay below GitHub's 65,535 characters. */
const feedbackCharsMax = 8_000;

/** The buttons; each stands for the command of its name. */
const checkActions = {
  stop: { label: 'Stop', description: 'Ends the run; nothing is pushed then', identifier: 'stop' },
  retry: { label: 'Retry', description: 'Does the newest run here once more', identifier: 'retry' },
} as const satisfies Readonly<Record<string, CheckAction>>;

/**
 * The run itself, on a commit that is there while it works: that it is under way, and a button that ends it; no verdict,
 * and afterwards a button that does it once more.
 */
export function renderRunCheck(record: RunRecord): RenderedCheck {
  const { end, run } = record;
  const place = markdown`Progress is shown on #${run.trackingIssue ?? run.target.number}. Run: ${code(run.id)}`;
  const shared = { name: 'agent / run', annotations: [] };
  if (end === null) {
    const title = plainLine('A run is under way on this branch');
    return { ...shared, conclusion: null, title, summary: place, actions: [checkActions.stop] };
  }
  const conclusion = end.state === 'cancelled' ? 'cancelled' : 'neutral';
  const title = plainLine(`The run is over: ${end.state}`);
  return { ...shared, conclusion, title, summary: place, actions: [checkActions.retry] };
}

/** One check run per group of gates that were judged, from the newest round. */
export function renderChecks(record: RunRecord): readonly RenderedCheck[] {
  return groups.flatMap(({ name, gates }) => {
    const verdicts = record.verdicts.filter(({ gate }) => gates.includes(gate));
    if (verdicts.length === 0) return [];
    const findings = verdicts.flatMap((verdict) => verdict.findings);
    return {
      name,
      conclusion: ofReview(record, conclusionOf(verdicts, releaseOf(record) !== undefined)),
      title: plainLine(titleOf(verdicts), 200),
      summary: summaryOf(record, verdicts),
      annotations: mostSevereFirst(findings).slice(0, annotationsMax).map(annotation),
      // A review is asked for anew; there is no work to do once more.
      actions: record.run.trigger === 'review' ? [] : [checkActions.retry],
    };
  });
}

/** The groups in which something was held, again: annotations stay, since GitHub adds those that come later. */
export function renderReleasedChecks(record: RunRecord): readonly RenderedCheck[] {
  const held = new Set(record.verdicts.filter(isHeld).map(({ gate }) => gate));
  const names = groups.filter(({ gates }) => gates.some((gate) => held.has(gate))).map(({ name }) => name);
  return renderChecks(record)
    .filter(({ name }) => names.includes(name))
    .map((check) => ({ ...check, annotations: [] }));
}

/** Nobody waits for the release of what is held in somebody's own pull request: there it is only reported. */
function ofReview({ run }: RunRecord, conclusion: CheckConclusion): CheckConclusion {
  return run.trigger === 'review' && conclusion === 'action_required' ? 'neutral' : conclusion;
}

/**
 * Something that blocks and did not pass is a failure, also when it did not run: silence is no success. Nor is a
 * group in which nothing passed, something failed without blocking, or a source did not answer. What a person
 * released counts as passed: they answer for it, and the summary names them.
 */
function conclusionOf(verdicts: readonly Verdict[], released: boolean): CheckConclusion {
  if (verdicts.some(blocks)) return 'failure';
  if (!released && verdicts.some(isHeld)) return 'action_required';
  const passed = verdicts.some((verdict) => verdict.status === 'pass' || isHeld(verdict));
  const others = verdicts.filter((verdict) => !isHeld(verdict));
  return passed && !others.some(needsAttention) ? 'success' : 'neutral';
}

/** The summary of the verdict that decides, and how many there are. */
function titleOf(verdicts: readonly Verdict[]): string {
  const [first] = verdicts;
  if (verdicts.length === 1 && first) return first.summary;
  const decides = verdicts.find(blocks) ?? verdicts.find(isHeld) ?? verdicts.find(needsAttention);
  const passed = verdicts.filter(({ status }) => status === 'pass').length;
  const counted = `${passed} of ${verdicts.length} gates pass`;
  return decides ? `${decides.gate}: ${decides.summary} (${counted})` : counted;
}

function summaryOf(record: RunRecord, verdicts: readonly Verdict[]): PublishableText {
  const tree = code(verdicts[0]?.treeId ?? '');
  const left = verdicts.reduce((sum, { findings }) => sum + findings.length, 0) - annotationsMax;
  const more = left > 0 ? markdown`${left} more findings are not annotated.` : markdown``;
  const whole = joinText(
    [
      releasedLine(record, verdicts),
      ...verdicts.map(
        (verdict) => markdown`- **${verdictName(verdict.gate)}**: ${sayShort(record, verdict)}`,
      ),
      evidenceTable({ ...record, verdicts }),
      markdown`Tree: ${tree} · Run: ${code(record.run.id)}`,
      ...verdicts.map(feedbackOf),
      more,
    ],
    '\n\n',
  );
  return limitText(whole, publishedCharsMax, markdown`*(cut)*`);
}

function releasedLine(record: RunRecord, verdicts: readonly Verdict[]): PublishableText {
  const release = releaseOf(record);
  const held = verdicts.filter(isHeld);
  if (!release || held.length === 0) return markdown``;
  const names = joinText(
    held.map(({ gate }) => verdictName(gate)),
    ', ',
  );
  const { by, wait } = release;
  const hash = code(wait.hash.slice(0, shownHashChars));
  return markdown`**Released** by ${say(record, by.login, 60)} (${code(by.role)}), who approved ${hash}: ${names}`;
}

function sayShort(record: RunRecord, verdict: Verdict): PublishableText {
  return say(record, verdict.summary, 1_000);
}

function feedbackOf({ feedback }: Verdict): PublishableText {
  return feedback === '' ? markdown`` : codeBlock(feedback, '', feedbackCharsMax);
}

function mostSevereFirst(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
}

function annotation(finding: Finding): CheckAnnotation {
  const { path, line } = finding;
  const level = finding.level === 'error' ? 'failure' : 'warning';
  const startLine = Math.max(1, line);
  return { path, startLine, endLine: startLine, level, message: plainLine(finding.message, 500) };
}
