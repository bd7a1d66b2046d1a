import type { Remark } from '../domain/discussion.ts';
import { type Role, writingRoles } from '../domain/repository.ts';
import type { DroppedText, FrozenRemark } from '../domain/run.ts';
import { cutCodePoints } from '../text/cut-text.ts';
import { sanitise } from '../text/sanitise.ts';
import { classifyActor } from './actor-class.ts';
import { frozenText } from './frozen-text.ts';
import type { Thread, TriggerPorts } from './trigger-ports.ts';

/** Newest remarks that are kept, code points of each, and people whose role is asked: an issue can hold thousands. */
const remarksMax = 20;
const remarkCharsMax = 4_000;
const authorsMax = 10;

/** The trigger as far as it decides which remarks count. */
export interface Asked {
  /** When the label was put on or the command was written; null when nobody says. */
  readonly askedAt: Date | null;
  readonly actor: { readonly id: number };
  readonly role: Role;
  /** Kind and id of what enters the run in another way. */
  readonly taken?: ReadonlySet<string> | undefined;
}

/** What of the discussion the model will see, and what was left out. */
export interface FrozenRemarks {
  readonly remarks: readonly FrozenRemark[];
  readonly dropped: readonly DroppedText[];
}

type Why = 'later' | 'edited' | 'minimised' | 'not-a-person' | 'role' | 'too-many';
const reasons: Readonly<Record<Why, string>> = {
  later: 'they were written after the request',
  edited: 'they were edited after the request',
  minimised: 'somebody folded them away',
  'not-a-person': 'Apps and deleted accounts wrote them',
  role: 'their authors do not have the role write',
  'too-many': 'only the newest ones are read',
};

/**
 * Remarks enter a run only from people who could have made the change themselves, and only as they stood when it was
 * asked for: whoever edits one afterwards cannot put words into a request that was granted already.
 */
export async function freezeRemarks(
  ports: TriggerPorts,
  thread: Thread,
  asked: Asked,
): Promise<FrozenRemarks> {
  const { askedAt } = asked;
  const found = await ports.discussion.remarks(thread.at, thread.target);
  const others = found.filter(
    ({ kind, id, author }) =>
      classifyActor(author, null, ports) !== 'own-bot' && !asked.taken?.has(`${kind}:${id}`),
  );
  const left = new Map<string, number>();
  const drop = (why: string): void => void left.set(why, (left.get(why) ?? 0) + 1);
  const roleOf = createRoleReader(ports, thread, asked);
  const kept: FrozenRemark[] = [];
  const hidden: DroppedText[] = [];
  for (const remark of others.toReversed()) {
    const why = whyNotByTime(remark, askedAt) ?? (await whyNotByAuthor(remark, roleOf));
    if (why !== undefined) drop(reasons[why]);
    else if (kept.length >= remarksMax) drop(reasons['too-many']);
    else {
      const frozen = freeze(remark);
      kept.push(frozen.remark);
      hidden.push(...frozen.dropped);
    }
  }
  const leftOut = [...left].map(([why, count]) => ({
    where: 'comments',
    what: 'whole comments',
    count,
    why,
  }));
  return { remarks: kept.toReversed(), dropped: [...leftOut, ...sum(hidden)] };
}

function whyNotByTime({ writtenAt, lastEditedAt, minimised }: Remark, askedAt: Date | null): Why | undefined {
  // GitHub tells whole seconds: what happened in the second of the request may have happened after it.
  if (askedAt === null || writtenAt >= askedAt) return 'later';
  if (lastEditedAt !== null && lastEditedAt >= askedAt) return 'edited';
  return minimised ? 'minimised' : undefined;
}

type RoleReader = (author: Remark['author']) => Promise<Role | 'too-many'>;

async function whyNotByAuthor({ author }: Remark, roleOf: RoleReader): Promise<Why | undefined> {
  if (author.type !== 'User') return 'not-a-person';
  const role = await roleOf(author);
  if (role === 'too-many') return 'too-many';
  return writingRoles.has(role) ? undefined : 'role';
}

/** Asks once for each person; the role of the one who asked is known. */
function createRoleReader(ports: TriggerPorts, thread: Thread, asked: Asked): RoleReader {
  const known = new Map<number, Role>([[asked.actor.id, asked.role]]);
  return async ({ id, login }) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    if (known.size > authorsMax) return 'too-many';
    const role = await ports.reader.roleOf(thread.at, login, id);
    known.set(id, role);
    return role;
  };
}

function freeze(remark: Remark): { readonly remark: FrozenRemark; readonly dropped: readonly DroppedText[] } {
  const { kind, author, path, writtenAt } = remark;
  const { text, dropped } = frozenText(remark.body, 'comments', remarkCharsMax);
  return {
    remark: {
      kind,
      login: author.login,
      path: path === null ? null : cutCodePoints(sanitise(path, 'comments').text, 200).text,
      writtenAt: writtenAt.toISOString(),
      text,
    },
    dropped,
  };
}

function sum(dropped: readonly DroppedText[]): readonly DroppedText[] {
  const counts = new Map<string, number>();
  for (const { what, count } of dropped) counts.set(what, (counts.get(what) ?? 0) + count);
  return [...counts].map(([what, count]) => ({ where: 'comments', what, count }));
}
