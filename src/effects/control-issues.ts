import type { ClaimedControlIssue, ControlIssue, ControlIssueStore } from '../domain/control-issue.ts';
import type { ForgeIssue, ForgeReader, ForgeWriter, RepositoryAddress } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { RateBucket } from '../domain/rate-bucket.ts';
import { controlMarker } from '../text/effect-marker.ts';
import { markdown } from '../text/markdown.ts';
import { isOwnAccount } from './own-account.ts';
import { type PacedWriter, pacedWriter } from './paced-writer.ts';

/** By it the issue is found again where its number is not known. */
const controlLabel = 'agent:dashboard';

export interface ControlIssuesOptions {
  readonly reader: Pick<ForgeReader, 'issue' | 'openIssuesByLabel'>;
  readonly writer: ForgeWriter;
  readonly rates: RateBucket;
  readonly store: Pick<ControlIssueStore, 'intend' | 'written'>;
  readonly botLogin: string;
}

/** The control issue as it stands on GitHub. `closed`: a person does not want it; nothing is written on it. */
export type StandingIssue =
  | { readonly kind: 'absent' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly number: number; readonly body: string; readonly updatedAt: Date };

/** What is to stand there. */
export type WantedIssue = Pick<ControlIssue, 'taken' | 'missed' | 'missedUntil'> & {
  readonly body: PublishableText;
};

/**
 * The one issue per repository that belongs to no run. What was made and lost (with its process, or on the wire) is found
 * again by label, marker and author; what others wrote is never taken for it.
 */
export interface ControlIssues {
  read(control: ControlIssue): Promise<StandingIssue>;
  /**
   * Makes it, or replaces its text. Throws what the forge throws, and `lease-lost` when another worker has taken it over; then
   * it is read again before the next write.
   */
  write(control: ClaimedControlIssue, standing: StandingIssue, wanted: WantedIssue): Promise<void>;
  /** It stands there already: the last write arrived. */
  adopt(control: ControlIssue, number: number, wanted: WantedIssue): Promise<void>;
}

export function createControlIssues(options: ControlIssuesOptions): ControlIssues {
  const { store } = options;
  return {
    read: (control) => read(options, control),
    async write(control, standing, wanted) {
      if (standing.kind === 'closed') return;
      const { repository } = control;
      await store.intend(repository.id, wanted.body);
      const at = addressOf(control);
      const number = await send(writerOf(options, control), at, { standing, body: wanted.body });
      await store.written(repository.id, { ...wanted, number });
    },
    adopt: ({ repository }, number, wanted) => store.written(repository.id, { ...wanted, number }),
  };
}

/** Ends the text with the marker by which the issue is known. */
export function markedControl(body: PublishableText, repositoryId: number): PublishableText {
  return markdown`${body}\n\n${controlMarker(repositoryId)}`;
}

function addressOf({ repository }: ControlIssue): RepositoryAddress {
  const { id: repositoryId, installationId, owner, name } = repository;
  return { installationId, repositoryId, owner, name };
}

/** Edits that show how things stand let all others pass; a claim that was taken over gets no turn any more. */
function writerOf({ writer, rates }: ControlIssuesOptions, control: ClaimedControlIssue): PacedWriter {
  const { id, installationId } = control.repository;
  const claim = { kind: 'control', key: String(id), token: control.token } as const;
  return pacedWriter(writer, (creates, write) =>
    rates.write({ installationId, priority: 'last', creates, claim }, write),
  );
}

async function send(
  writer: ForgeWriter,
  at: RepositoryAddress,
  { standing, body }: { readonly standing: StandingIssue; readonly body: PublishableText },
): Promise<number> {
  if (standing.kind === 'open') {
    await writer.updateIssue(at, standing.number, body);
    return standing.number;
  }
  const title = markdown`Pullwright dashboard`;
  return (await writer.createIssue(at, { title, body, labels: [controlLabel] })).number;
}

async function read(options: ControlIssuesOptions, control: ControlIssue): Promise<StandingIssue> {
  const at = addressOf(control);
  const known = control.number === null ? undefined : await options.reader.issue(at, control.number);
  // One that was moved to another repository answers under its new number there.
  const own = known?.number === control.number && isOurs(options, known) ? known : undefined;
  const found = own ?? (await find(options, at));
  if (!found) return { kind: 'absent' };
  if (found.state === 'closed') return { kind: 'closed' };
  const { number, body, updatedAt } = found;
  return { kind: 'open', number, body, updatedAt };
}

async function find(options: ControlIssuesOptions, at: RepositoryAddress): Promise<ForgeIssue | undefined> {
  const marker = controlMarker(at.repositoryId);
  const issues = await options.reader.openIssuesByLabel(at, controlLabel);
  return issues
    .filter((issue) => isOurs(options, issue) && issue.body.includes(marker))
    .sort((one, other) => one.number - other.number)[0];
}

function isOurs({ botLogin }: ControlIssuesOptions, issue: ForgeIssue): boolean {
  return !issue.isPullRequest && isOwnAccount(issue.author, botLogin);
}
