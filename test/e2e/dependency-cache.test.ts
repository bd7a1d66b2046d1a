import { afterEach, describe, expect, it } from 'vitest';
import { dependencyCacheOf } from '../../src/app/dependency-cache.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';
import { silentLog } from '../support/silent-log.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };

/** Tries to get out, so that a set-up that ran leaves a trace; the tests need what it made. */
const files = {
  ...javascriptBug,
  '.gitignore': 'node_modules/\n',
  '.github/agent.yml': [
    'commands:',
    '  setup:',
    '    - curl -s -m 5 https://registry.invalid/dep || true',
    '    - mkdir -p node_modules/dep && echo "export const dep = 1" > node_modules/dep/index.js',
    '  test: test -f node_modules/dep/index.js && node --test',
    '',
  ].join('\n'),
};

describe('the dependency cache of a bot', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  async function run(on: BotWorld, nth: number): Promise<string> {
    const issue = await on.fileIssue(
      `The last number is missing (${nth})`,
      'sumRange(1, 4) gives 6, expected 10.',
    );
    await on.label(issue);
    expect(await on.ended(nth)).toMatchObject({ state: 'published' });
    return await on.waitForComment(issue, /^## Done/m);
  }
  const layersOf = (on: BotWorld) => dependencyCacheOf(parseSettings(on.env), silentLog);
  const setUps = (on: BotWorld) => on.events.filter((event) => event.kind === 'setup.finished');

  it(
    'serves the second run of a repository, which asks nobody and says so, until the App is taken off',
    async () => {
      world = await openBotWorld({ files, record: 'dependency-cache' });
      const first = await run(world, 1);
      const second = await run(world, 2);
      const [made, used] = setUps(world);
      expect(made).toMatchObject({ deniedHosts: ['registry.invalid:443'], layer: { state: 'made' } });
      expect(used).toMatchObject({
        deniedHosts: [],
        reached: [],
        layer: { state: 'used', sha256: made?.layer?.sha256 },
      });
      expect(first).not.toContain('from the cache');
      expect(second).toContain('dependencies from the cache');
      const { data: pulls } = await world.as('mira').rest.pulls.list(at);
      const bodies = pulls.map(({ body }) => body ?? '');
      const sentence = `from the cache: layer \`${made?.layer?.sha256.slice(0, 12)}\`, fetched`;
      expect(bodies.filter((body) => body.includes(sentence)).length).toBe(1);
      expect(await layersOf(world).list()).toMatchObject([{ runId: made?.layer?.runId }]);

      world.hub.admin.uninstall(world.installationId);
      await world.settled();
      expect(await layersOf(world).list()).toEqual([]);
    },
    runMs,
  );

  it(
    'keeps nothing when it is switched off',
    async () => {
      world = await openBotWorld({ files, env: { AGENT_DEPENDENCY_CACHE_GIB: '0' }, record: null });
      const comment = await run(world, 1);
      expect(comment).not.toContain('from the cache');
      expect(setUps(world).map(({ layer }) => layer)).toEqual([undefined]);
      expect(await layersOf(world).list()).toEqual([]);
    },
    runMs,
  );
});
