import type { ChecksWait } from '../../domain/checks.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { Wait } from '../../domain/journal-event.ts';
import { isHeld } from '../../domain/verdicts.ts';
import { shownHashChars } from '../../domain/waits.ts';
import { codeBlock, details, joinText, markdown, quote } from '../../text/markdown.ts';
import { publishable } from '../../text/publishable.ts';
import type { RunRecord } from '../run-record.ts';
import { code, contextOf, listSome, say } from '../show.ts';
import { budgetSection } from './budget.ts';

const pathsMax = 40;

/** What the run asks a person for, all that they need to decide, and how to answer. */
export function waitingSection(record: RunRecord, wait: Wait): PublishableText {
  switch (wait.kind) {
    case 'protected':
      return protectedSection(record, wait);
    case 'plan':
      return planSection(record, wait);
    case 'held':
      return heldSection(record, wait);
    case 'budget':
      return budgetSection(wait, otherwise);
    case 'answer':
      return markdown`## Waiting for an answer\n\nThe agent asks:\n\n${quote(publishable(wait.question, contextOf(record, 4_000)))}\n\nAnswer with a comment here (role \`write\`), or \`/agent answer <text>\`. ${otherwise}`;
    case 'checks':
      return checksWaitSection(record, wait);
    case 'pause':
      return markdown`## Paused\n\n${pausedBy(record)} \`/agent resume\` goes on where it stopped. ${otherwise}`;
    default:
      return markdown`## Waiting for a person`;
  }
}

const otherwise = markdown`\`/agent stop\` ends the run; so do 14 days without an answer.`;

function pausedBy(record: RunRecord): PublishableText {
  const login = record.waitBy?.login;
  return login === undefined ? markdown`Paused.` : markdown`Paused by ${say(record, login, 60)}.`;
}

function protectedSection(record: RunRecord, wait: Extract<Wait, { kind: 'protected' }>): PublishableText {
  const hash = wait.hash.slice(0, shownHashChars);
  const whys = new Map(wait.paths.map(({ path, why }) => [path, why]));
  const paths = listSome(
    [...whys.keys()],
    pathsMax,
    (path) => markdown`${code(path)} ${say(record, whys.get(path) ?? '', 200)}`,
  );
  const cut = wait.truncated
    ? markdown`\n\n⚠️ The diff is longer than fits here: what follows is not all of it. Look at what is missing before you approve, or ask for a smaller change.`
    : markdown``;
  return joinText(
    [
      markdown`## Waiting for the approval of protected paths`,
      markdown`The work is done and judged. It changes files that decide what runs, who reviews or what agents are told, so nothing was pushed:`,
      markdown`${paths}`,
      markdown`Somebody with the role \`maintain\` releases exactly this change with\n\n\`\`\`\n/agent approve ${plain(hash)}\n\`\`\`\n\n\`/agent revise <what to do otherwise>\` sends the work back; a changed tree needs another approval. ${otherwise}${cut}`,
      heldBeside(record),
      wait.paths.some(({ path }) => path.toLowerCase().startsWith('.github/workflows/'))
        ? workflows
        : markdown``,
      details(markdown`The diff, protected files first`, codeBlock(wait.patch, 'diff', 24_000)),
    ],
    '\n\n',
  );
}

/** One approval of the whole tree is enough, if its giver sees what else is in it. */
function heldBeside(record: RunRecord): PublishableText {
  const held = heldLines(record);
  if (held.length === 0) return markdown``;
  return markdown`✋ The gates hold something too, which the same approval releases:\n\n${held}`;
}

function heldLines(record: RunRecord): readonly PublishableText[] {
  return listSome(
    record.verdicts
      .filter(isHeld)
      .flatMap(({ gate, summary, findings }) => [
        `${gate}: ${summary}`,
        ...findings.map(({ path, line, message }) => `${path}:${line} ${message}`),
      ]),
    pathsMax,
    (text) => say(record, text, 300),
  );
}

function heldSection(record: RunRecord, wait: Extract<Wait, { kind: 'held' }>): PublishableText {
  const hash = plain(wait.hash.slice(0, shownHashChars));
  return joinText(
    [
      markdown`## Waiting for the approval of what is held`,
      markdown`#${wait.pull} is pushed, and nothing blocks it. A person has to look at this before it counts as ready:`,
      markdown`${heldLines(record)}`,
      markdown`Somebody with the role \`write\` releases exactly this with\n\n\`\`\`\n/agent approve ${hash}\n\`\`\`\n\nNew commits on the branch make that void. To have it changed instead, \`/agent stop\` and then \`/agent fix <what to change>\` on #${wait.pull}. ${otherwise} The pull request stays as it is.`,
    ],
    '\n\n',
  );
}

function checksWaitSection(record: RunRecord, wait: ChecksWait): PublishableText {
  const names = listSome(wait.names, pathsMax, code);
  const when = `${wait.until.slice(0, 16).replace('T', ' ')} UTC`;
  return joinText(
    [
      markdown`## Waiting for the checks of others`,
      markdown`#${wait.pull} is pushed as a draft and green as far as I can tell. It is marked ready when these are green too:`,
      names.length === 0 ? markdown`- what has not begun yet` : markdown`${names}`,
      markdown`Nothing has to be done. What this change broke I mend, ${code('3')} times at most; what has not ended at ${code(when)} I leave to a person. ${record.run.target.kind === 'issue' ? markdown`A comment of somebody with the role \`write\` is taken in at once.` : markdown``} \`/agent stop\` ends the run.`,
    ],
    '\n\n',
  );
}

function planSection(record: RunRecord, wait: Extract<Wait, { kind: 'plan' }>): PublishableText {
  const hash = wait.hash.slice(0, shownHashChars);
  const reasons = listSome(wait.reasons, 20, (reason) => say(record, reason, 300));
  return joinText(
    [
      markdown`## Waiting for the approval of the plan`,
      markdown`${quote(publishable(record.planSummary, contextOf(record, 6_000)))}`,
      reasons.length === 0 ? markdown`` : markdown`Why it waits:\n\n${reasons}`,
      markdown`Somebody with the role \`write\` lets it go on with \`/agent approve ${plain(hash)}\` (the hash may be left out). \`/agent revise <what to do otherwise>\` asks for another plan. ${otherwise}`,
    ],
    '\n\n',
  );
}

const workflows = markdown`⚠️ GitHub takes no change below \`.github/workflows\` from an App without the permission \`workflows\`, which this one does not ask for: after an approval the push will be refused. Have these files left out (\`/agent revise\`), or commit them yourself.`;

/** Our own hexadecimal digits. */
function plain(hash: string): PublishableText {
  return publishable(hash.replaceAll(/[^0-9a-f]/g, ''), { repositoryUrl: '', maxChars: 64 });
}
