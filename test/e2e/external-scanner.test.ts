import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';

const runMs = 180_000;

/** A scanner of the repository's own: every line with these characters is an error. */
const scanner = [
  "import { readFileSync } from 'node:fs';",
  "const lines = readFileSync('src/range.js', 'utf8').split('\\n');",
  'const results = lines.flatMap((text, index) => {',
  '  if (!text.includes(process.argv[2])) return [];',
  "  const artifactLocation = { uri: 'src/range.js' };",
  '  const physicalLocation = { artifactLocation, region: { startLine: index + 1 } };',
  "  const message = { text: 'looks odd @mira [x](https://evil.example)' };",
  "  return { ruleId: 'odd', level: 'error', message, locations: [{ physicalLocation }] };",
  '});',
  "const driver = { name: 'oddscan' };",
  "console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results }] }));",
  'process.exitCode = results.length > 0 ? 1 : 0;',
  '',
].join('\n');

const withScanner = (characters: string): Readonly<Record<string, string>> => ({
  ...javascriptBug,
  'tools/scan.js': scanner,
  '.github/agent.yml': `gates:\n  sast:\n    external:\n      - run: node tools/scan.js '${characters}'\n`,
});

describe('a scanner that the repository names', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  async function fix(characters: string) {
    world = await openBotWorld({ files: withScanner(characters), record: null });
    const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
    await world.label(issue);
    await world.ended();
    const { data: pulls } = await world.as('mira').rest.pulls.list({ owner: 'mira', repo: 'thing' });
    return { pull: pulls[0], sarifs: world.hub.admin.repository('mira/thing').sarifs };
  }

  it(
    'keeps the pull request a draft for what the change brings, by its name and without active text',
    async () => {
      const { pull, sarifs } = await fix('<=');
      expect(pull).toMatchObject({ draft: true });
      expect(pull?.body).toContain('oddscan: looks odd');
      expect(pull?.body).toContain("node tools/scan.js '<='");
      expect(pull?.body).not.toContain('odd @mira');
      expect(sarifs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(['sast/oddscan/odd']);
    },
    runMs,
  );

  it(
    'blames the change for nothing that stood there before',
    async () => {
      const { pull } = await fix('isEven');
      expect(pull).toMatchObject({ draft: false });
      expect(pull?.body).not.toContain('looks odd');
    },
    runMs,
  );
});
