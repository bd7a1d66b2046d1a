import type { WorldOptions } from './bot-world.ts';
import type { HubStage } from './hub-stage.ts';
import type { ScriptedAnswer, ScriptedRequest } from './scripted-model.ts';
import { finish, openSteeringWorld, planned, type SteeringWorld, write } from './steering-world.ts';

const at = { owner: 'mira', repo: 'thing' };

/** Writes a file, and mends it each time that CI sends the work back; `versions[n]` is what the nth try holds. */
export function mendingModel(versions: readonly string[], path = 'src/extra.js') {
  let written = 0;
  return ({ turn, lastText }: ScriptedRequest): ScriptedAnswer => {
    if (turn < planned.length) return planned[turn] ?? finish;
    const version = versions[written];
    if (!/Phase: implement/.test(lastText) || version === undefined) return finish;
    written += 1;
    return { toolCalls: [write(path, version)] };
  };
}

export const tries: readonly string[] = [1, 2, 3, 4, 5].map((n) => `export const extra = ${n};\n`);

/** The newest pull request, as GitHub shows it. */
export async function pullOf({ world }: { readonly world: Pick<HubStage, 'as'> }) {
  const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
  const [pull] = data;
  if (!pull) throw new Error('no pull request');
  return pull;
}

/** The commit at the head of `main`. */
export function mainSha({ world }: Pick<SteeringWorld, 'world'>): string {
  return world.hub.admin.repository('mira/thing').refs.get('refs/heads/main') ?? '';
}

/** A world in which `main` demands the check `unit`; looks happen when they are due, so tests wait for deliveries. */
export async function openCiWorld(
  record: string,
  options: Partial<WorldOptions> & {
    readonly versions?: readonly string[];
    readonly required?: readonly string[];
    readonly path?: string;
  } = {},
): Promise<SteeringWorld> {
  const { versions = tries, required = ['unit'], path, limits, ...rest } = options;
  const opened = await openSteeringWorld(record, mendingModel(versions, path), {
    ...rest,
    limits: { checksGraceMs: 0, ...limits },
    begin: 'no',
  });
  opened.world.hub.admin.requireChecks('mira/thing', 'main', required);
  await opened.world.label(opened.issue);
  return opened;
}

/** Resolves when the run waits for others at its nth published commit (from 1); gives that commit. */
export async function waitsFor({ world }: Pick<SteeringWorld, 'world'>, nth = 1): Promise<string> {
  const shas = () =>
    world.events.flatMap((event) =>
      event.kind === 'wait.begun' && event.wait.kind === 'checks' ? [event.wait.sha] : [],
    );
  await world.waitForEvent(() => shas().length >= nth);
  return shas()[nth - 1] ?? '';
}
