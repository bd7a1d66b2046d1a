import type { LabelEvent, RepositoryAddress } from '../domain/forge.ts';
import type { DeliveryGuid } from '../domain/ids.ts';
import type { KnownRepository } from '../domain/known-repository.ts';
import type { Actor } from '../domain/repository.ts';
import type { SweptComment, SweptIssue } from '../domain/sweep-reader.ts';
import { classifyActor } from './actor-class.ts';
import { parseCommand } from './parse-command.ts';
import { replyTexts } from './reply-texts.ts';
import { findMovedBases } from './sweep-bases.ts';
import type { Found, SweepPorts } from './sweep-ports.ts';

/** Commands older than this are not answered any more. */
const commandAgeMs = 3 * 24 * 3_600_000;
/** Between GitHub's clock and the database's: a label's delivery is never stored before the label was put on. */
const clockSkewMs = 60_000;

/** What a sweep looked at before, so that what did not change since costs no request. One for the life of a process. */
export type SweepMemory = Map<string, number>;

/**
 * Finds labels, commands and moved bases of one repository that no delivery announced, and stores a delivery for each: from there
 * the same authority and the same trigger keys decide, so that a delivery which comes after all starts nothing twice.
 * What happened before the App could read the repository is left alone. Returns how many were stored.
 */
export async function sweepRepository(
  ports: SweepPorts,
  repository: KnownRepository,
  memory: SweepMemory,
): Promise<number> {
  const { id: repositoryId, installationId, owner, name } = repository;
  const at: RepositoryAddress = { installationId, repositoryId, owner, name };
  const labels = await findLabels(ports, { at, seenAt: repository.seenAt, memory });
  const commands = await findCommands(ports, at, repository.seenAt);
  const found = [...labels, ...commands, ...(await findMovedBases(ports, at))];
  if (found.length === 0) return 0;
  const payload = await ports.sweepReader.repository(at);
  if (payload === undefined) return 0;
  let stored = 0;
  for (const one of found) if (await store(ports, at, { ...one, repository: payload })) stored += 1;
  return stored;
}

interface LabelSearch {
  readonly at: RepositoryAddress;
  readonly seenAt: Date;
  readonly memory: SweepMemory;
}

async function findLabels(ports: SweepPorts, search: LabelSearch): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const issue of await ports.sweepReader.labelled(search.at, ports.labelName)) {
    if (issue.isPullRequest || !isDue(ports, issue.updatedAt, null)) continue;
    const key = `${search.at.repositoryId}:${issue.number}`;
    if (search.memory.get(key) === issue.updatedAt.getTime()) continue;
    const label = await findLabel(ports, search, issue);
    if (label) found.push(label);
    search.memory.set(key, issue.updatedAt.getTime());
  }
  return found;
}

async function findLabel(
  ports: SweepPorts,
  { at, seenAt }: LabelSearch,
  issue: SweptIssue,
): Promise<Found | undefined> {
  const wanted = ports.labelName.toLowerCase();
  const name = issue.labels.find((label) => label.toLowerCase() === wanted);
  if (name === undefined) return undefined;
  const event = (await ports.reader.labelEvents(at, issue.number, name)).at(-1);
  if (!event || !isDue(ports, event.at, seenAt)) return undefined;
  const since = new Date(event.at.getTime() - clockSkewMs);
  const subject = `label:${issue.number}:${wanted}`;
  if (await ports.deliveries.announced(at.repositoryId, subject, since)) return undefined;
  if (await isEditedSince(ports, at, { issue, since: event.at, ...tellingOfLabel(event) })) return undefined;
  return {
    guid: `sweep-label-${event.id}`,
    event: 'issues',
    action: 'labeled',
    payload: { issue: issue.raw, label: { name }, sender: event.actor },
  };
}

async function findCommands(
  ports: SweepPorts,
  at: RepositoryAddress,
  seenAt: Date,
): Promise<readonly Found[]> {
  const oldest = ports.clock.now().getTime() - commandAgeMs;
  const since = new Date(Math.max(oldest, seenAt.getTime()));
  const found: Found[] = [];
  for (const comment of await ports.sweepReader.commentsSince(at, since)) {
    // Text that was changed is not the text that was written as a command.
    if (comment.edited || !isDue(ports, comment.createdAt, since)) continue;
    if (parseCommand(comment.body) === undefined || isOurs(ports, comment.author)) continue;
    const command = await findCommand(ports, at, comment);
    if (command) found.push(command);
  }
  return found;
}

async function findCommand(
  ports: SweepPorts,
  at: RepositoryAddress,
  comment: SweptComment,
): Promise<Found | undefined> {
  const subject = `comment:${comment.id}`;
  if (await ports.deliveries.announced(at.repositoryId, subject, new Date(0))) return undefined;
  const issue = await ports.sweepReader.issue(at, comment.issue);
  if (!issue) return undefined;
  if (await isEditedSince(ports, at, { issue, since: comment.createdAt, ...tellingOfCommand(comment) })) {
    return undefined;
  }
  return {
    guid: `sweep-comment-${comment.id}`,
    event: 'issue_comment',
    action: 'created',
    payload: { issue: issue.raw, comment: comment.raw, sender: comment.author },
  };
}

/** Old enough that its delivery should be here, and not from before `since`. */
function isDue({ clock, minAgeMs }: SweepPorts, at: Date, since: Date | null): boolean {
  const isOld = at.getTime() <= clock.now().getTime() - minAgeMs;
  // GitHub tells whole seconds.
  return isOld && (since === null || at.getTime() >= Math.floor(since.getTime() / 1_000) * 1_000);
}

function isOurs(ports: SweepPorts, author: Actor): boolean {
  return classifyActor(author, null, ports) === 'own-bot';
}

interface Telling {
  readonly actor: Actor;
  readonly key: string;
  readonly what: 'label' | 'command';
}

function tellingOfLabel({ actor, id }: LabelEvent): Telling {
  return { actor, key: `swept-edited:label:${id}`, what: 'label' };
}

function tellingOfCommand({ author, id }: SweptComment): Telling {
  return { actor: author, key: `swept-edited:comment:${id}`, what: 'command' };
}

/** The text that the person saw is gone: somebody else may have put instructions of their own there since. */
async function isEditedSince(
  ports: SweepPorts,
  at: RepositoryAddress,
  asked: Telling & { readonly issue: SweptIssue; readonly since: Date },
): Promise<boolean> {
  const { issue, actor, key, what } = asked;
  const edited = await ports.sweepReader.lastEdit(at, issue);
  if (edited === null || edited < asked.since) return false;
  ports.log.info('sweep.edited-since', { repositoryId: at.repositoryId, number: issue.number, what });
  if (actor.type === 'User') {
    await ports.replies.reply(at, issue.number, key, replyTexts.editedSince(what));
  }
  return true;
}

async function store(
  ports: SweepPorts,
  at: RepositoryAddress,
  { guid, event, action, payload, repository }: Found & { readonly repository: unknown },
): Promise<boolean> {
  const outcome = await ports.deliveries.insert({
    guid: guid as DeliveryGuid,
    event,
    action,
    installationId: at.installationId,
    repositoryId: at.repositoryId,
    rawBody: null,
    payload: {
      ...(action === null ? {} : { action }),
      ...payload,
      repository,
      installation: { id: at.installationId },
    },
    problem: null,
    origin: 'swept',
  });
  // A look at a base is taken once for each pair of commits; nothing was lost.
  const level = event === 'push' ? 'info' : 'warn';
  if (outcome === 'stored') ports.log[level]('sweep.found', { guid, event, repositoryId: at.repositoryId });
  return outcome === 'stored';
}
