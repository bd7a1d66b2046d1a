import { budgetOwners } from '../domain/budgets.ts';
import { boxId, type RepositoryFigures, type RunOutcome } from '../domain/control-issue.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Wait } from '../domain/journal-event.ts';
import { isWork, type Run } from '../domain/run.ts';
import { shownHashChars } from '../domain/waits.ts';
import { box } from '../text/boxes.ts';
import { inlineCode } from '../text/inline-code.ts';
import { joinText, limitText, markdown } from '../text/markdown.ts';
import { plainLine, publishedCharsMax } from '../text/publishable.ts';
import { say } from './show.ts';

/** Of each list; the rest is counted. */
const shownMax = 20;
const pathsMax = 5;

/** A run that waits, and for what. */
export interface ParkedRun {
  readonly run: Run;
  /** Undefined: for nobody, it goes on by itself. */
  readonly wait: Wait | undefined;
  /** In words, where it waits for nobody. */
  readonly reason: string;
  /** Somebody has answered, and the run has not taken it in yet. */
  readonly answered: boolean;
}

/** What the control issue shows; all of it about one repository. */
export interface ControlView {
  readonly label: string;
  /** Oldest first. */
  readonly queued: readonly Run[];
  readonly working: readonly Run[];
  readonly parked: readonly ParkedRun[];
  readonly figures: RepositoryFigures;
  /** Most that runs may spend, US dollars; null: no limit. */
  readonly runUsd: number;
  readonly dayUsd: number | null;
  /** How many boxes were ticked lately without our being told by whom. */
  readonly missed: number;
}

/** The text of the control issue, without its marker. */
export function renderControlIssue(view: ControlView): PublishableText {
  const whole = joinText(
    [
      markdown`What I do in this repository, and what waits for people. **A ticked box is a command** by whoever ticked it: I untick it, and answer on the thread of the run. Whoever has not the role that it names is told so. Close this issue to have it left alone, reopen it to have it kept again; ${inlineCode('control_issue: false')} in ${inlineCode('.github/agent.yml')} ends it.`,
      missedNote(view.missed),
      section(markdown`Waits for people`, view.parked.filter(isForPeople), parkedItem),
      section(markdown`Under way`, view.working, workingItem),
      section(
        markdown`Goes on by itself`,
        view.parked.filter((one) => !isForPeople(one)),
        parkedItem,
      ),
      section(markdown`Queue`, view.queued, queuedItem),
      nothing(view),
      section(markdown`Recent outcomes`, view.figures.outcomes, (outcome) => outcomeItem(outcome, view)),
      figuresSection(view),
      markdown`<sub>As of ${plainLine(`${view.figures.now.toISOString().slice(0, 16).replace('T', ' ')} UTC`)}. Written anew when a run is queued, starts, waits or ends.</sub>`,
    ],
    '\n\n',
  );
  return limitText(whole, publishedCharsMax, markdown`*(cut: the rest did not fit here)*`);
}

/** What stands there when the repository does not want it any more. */
export function renderControlOff(): PublishableText {
  return markdown`${inlineCode('control_issue')} is not set in ${inlineCode('.github/agent.yml')} of the default branch any more, so nothing is shown here. This issue can be closed.`;
}

/** Whether two texts say the same; when they were written does not count. */
export function saysTheSame(one: string, other: string): boolean {
  return withoutTime(one) === withoutTime(other);
}

function withoutTime(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .trimEnd()
    .replace(/^<sub>As of \d{4}-\d\d-\d\d \d\d:\d\d UTC\. /m, '<sub>');
}

function missedNote(missed: number): PublishableText {
  return missed === 0
    ? markdown``
    : markdown`⚠️ ${missed === 1 ? markdown`A box was` : markdown`${missed} boxes were`} ticked here without GitHub telling me by whom. **It was not taken as a command**: tick again.`;
}

function nothing({ queued, working, parked }: ControlView): PublishableText {
  return queued.length + working.length + parked.length > 0 ? markdown`` : markdown`Nothing is under way.`;
}

function section<Item>(
  heading: PublishableText,
  items: readonly Item[],
  show: (item: Item, index: number) => PublishableText,
): PublishableText {
  if (items.length === 0) return markdown``;
  const shown = items.slice(0, shownMax).map(show);
  const left = items.length - shown.length;
  const more = left > 0 ? [markdown`- … and ${left} more`] : [];
  return markdown`### ${heading}\n\n${[...shown, ...more]}`;
}

/** The number leads to it; the title is somebody's. */
function threadOf(run: Run): PublishableText {
  const { trackingIssue, target, input } = run;
  return markdown`#${trackingIssue ?? target.number} ${say({ run }, input.title, 100)}`;
}

function item(line: PublishableText, boxes: readonly PublishableText[]): PublishableText {
  return joinText([markdown`- ${line}`, ...boxes.map((one) => markdown`  ${one}`)]);
}

function stopBox({ id: runId }: Run): PublishableText {
  return box(
    boxId({ word: 'stop', runId, hash: null }),
    markdown`Stop it (role ${inlineCode('triage')}, or the author)`,
  );
}

/** One that somebody has stopped takes no command any more. */
function boxesOf(run: Run, boxes: readonly PublishableText[]): readonly PublishableText[] {
  return run.cancelReason === null ? boxes : [];
}

function stopped({ cancelReason }: Run): PublishableText {
  return cancelReason === null ? markdown`` : markdown`, being stopped`;
}

function workingItem(run: Run): PublishableText {
  const by = say({ run }, run.requestedBy.login, 60);
  return item(markdown`${threadOf(run)}: asked for by ${by}${stopped(run)}`, boxesOf(run, [stopBox(run)]));
}

function queuedItem(run: Run, index: number): PublishableText {
  const by = say({ run }, run.requestedBy.login, 60);
  return item(
    markdown`${threadOf(run)}: number ${index + 1} of this repository, asked for by ${by}${stopped(run)}`,
    boxesOf(run, [stopBox(run)]),
  );
}

function isForPeople({ wait }: ParkedRun): boolean {
  return wait !== undefined && wait.kind !== 'checks';
}

function parkedItem(parked: ParkedRun): PublishableText {
  const { run, answered } = parked;
  const words = answered ? markdown`somebody answered; it goes on in a moment` : waitWords(parked);
  const answers = answered ? [] : answerBoxes(parked);
  return item(markdown`${threadOf(run)}: ${words}${stopped(run)}`, boxesOf(run, [...answers, stopBox(run)]));
}

function waitWords({ run, wait, reason }: ParkedRun): PublishableText {
  switch (wait?.kind) {
    case 'plan':
      return markdown`its plan waits for an approval; read it there first`;
    case 'protected':
      return markdown`its change of protected paths (${pathsOf(wait.paths)}) waits for an approval; read the diff there first`;
    case 'held':
      return markdown`what the gates hold in #${wait.pull} waits for an approval; read it there first`;
    case 'answer':
      return markdown`the agent asks: ${say({ run }, wait.question, 200)} Answer there, with a comment`;
    case 'budget':
      return markdown`the budget of ${plainLine(budgetOwners[wait.budget])} is used up; ${inlineCode('/agent budget <usd>')} there gives it another`;
    case 'pause':
      return markdown`it is paused`;
    case 'checks':
      return markdown`the checks of others on #${wait.pull} are under way`;
    default:
      return markdown`${say({ run }, reason === '' ? 'it goes on in a while' : reason, 200)}`;
  }
}

function pathsOf(paths: readonly { readonly path: string }[]): PublishableText {
  const shown = [...new Set(paths.map(({ path }) => path))];
  const names = shown.slice(0, pathsMax).map((path) => inlineCode(path, 100));
  const left = shown.length - names.length;
  return joinText(left > 0 ? [...names, markdown`${left} more`] : names, ', ');
}

/** What can be answered by a box: exactly what is shown there, by its hash. */
function answerBoxes({ run, wait }: ParkedRun): readonly PublishableText[] {
  if (wait?.kind === 'pause')
    return [
      box(
        boxId({ word: 'resume', runId: run.id, hash: null }),
        markdown`Go on (role ${inlineCode('triage')}, or the author)`,
      ),
    ];
  if (wait?.kind !== 'plan' && wait?.kind !== 'protected' && wait?.kind !== 'held') return [];
  const role = inlineCode(wait.kind === 'protected' ? 'maintain' : 'write');
  const what = inlineCode(wait.hash.slice(0, shownHashChars));
  const id = boxId({ word: 'approve', runId: run.id, hash: wait.hash });
  return [box(id, markdown`Approve exactly ${what} (role ${role})`)];
}

function outcomeItem(outcome: RunOutcome, view: ControlView): PublishableText {
  const { run, summary, pull } = outcome;
  const at = plainLine(run.endedAt?.toISOString().slice(0, 10) ?? '');
  const shown = pull === null ? markdown`` : markdown`, #${pull}`;
  const why = run.state === 'published' ? markdown`` : markdown`: ${say({ run }, summary, 200)}`;
  const again = isRetryable(outcome, view)
    ? [
        box(
          boxId({ word: 'retry', runId: run.id, hash: null }),
          markdown`Do it once more (role ${inlineCode('write')})`,
        ),
      ]
    : [];
  return item(markdown`${outcomeWords(run)}${shown} · ${threadOf(run)} (${at})${why}`, again);
}

function outcomeWords({ state }: Run): PublishableText {
  if (state === 'published') return markdown`✅ published`;
  if (state === 'cancelled') return markdown`⏹ stopped`;
  return state === 'refused' ? markdown`✋ not done` : markdown`❌ failed`;
}

/** `/agent retry` means the newest run of a thread, where none is under way. */
function isRetryable({ run }: RunOutcome, { queued, working, parked, figures }: ControlView): boolean {
  const thread = (one: Run): number => one.trackingIssue ?? one.target.number;
  const active = [...queued, ...working, ...parked.map((one) => one.run)];
  const newest = figures.outcomes.find((other) => thread(other.run) === thread(run));
  const isNewest = newest?.run.id === run.id && !active.some((other) => thread(other) === thread(run));
  return isNewest && run.state !== 'published' && isWork(run);
}

function figuresSection({ figures, runUsd, dayUsd }: ControlView): PublishableText {
  const { published, refused, failed, cancelled } = figures.ended;
  const all = published + refused + failed;
  const rate =
    all === 0
      ? markdown`no run has come to its end`
      : markdown`${published} of ${all} runs published what was asked for (${Math.round((100 * published) / all)} %)`;
  const also = cancelled === 0 ? markdown`` : markdown`; ${cancelled} more were stopped`;
  const day = dayUsd === null ? markdown` (no limit for a day)` : markdown` of ${usd(dayUsd)} for a day`;
  return markdown`### Figures

- Last 30 days: ${rate}${also}
- Spent today (UTC): ${usd(figures.spentTodayUsd)}${day}
- Spent in the last 30 days: ${usd(figures.spentMonthUsd)}; one run may spend ${usd(runUsd)}`;
}

function usd(amount: number): PublishableText {
  return plainLine(`$${amount.toFixed(2)}`);
}
