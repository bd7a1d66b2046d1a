import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openEvidenceKey } from '../../src/app/evidence-key.ts';
import { localRepository } from '../../src/app/local-repository.ts';
import { verifyEvidence } from '../../src/app/verify-evidence.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import type { EvidenceEnvelope } from '../../src/domain/evidence.ts';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug } from '../support/sample-repositories.ts';
import { silentLog } from '../support/silent-log.ts';

const runMs = 180_000;

describe('the evidence of a run', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it(
    'is signed, stands with the journal, comes out the same when it is run again, and cannot be changed',
    async () => {
      world = await openBotWorld({ files: javascriptBug, private: true, record: 'evidence' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'published' });
      await world.waitForComment(issue, /^## Done/m);
      const signed = world.events.find((event) => event.kind === 'evidence.signed');
      if (signed?.kind !== 'evidence.signed') throw new Error('not signed');
      const { envelope, keyId } = signed;
      const { rest } = world.as('mira');
      const { data: pulls } = await rest.pulls.list({ owner: 'mira', repo: 'thing' });
      expect(pulls[0]?.body).toContain(`key \`${keyId.slice(0, 16)}\``);
      expect(pulls[0]?.body).toContain('Code scanning: uploaded as SARIF');
      expect(world.hub.admin.repository('mira/thing').sarifs).toMatchObject([
        {
          tool: 'Pullwright',
          commit: pulls[0]?.head.sha,
          ref: `refs/pull/${pulls[0]?.number}/head`,
          results: [],
        },
      ]);
      const scanning = world.hub.admin
        .tokenLog()
        .filter(({ permissions }) => permissions['security_events'] !== undefined);
      expect(scanning.map(({ permissions }) => permissions)).toEqual([
        { security_events: 'write', metadata: 'read' },
      ]);
      const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as {
        readonly subject: readonly { readonly digest: Readonly<Record<string, string>> }[];
      };
      expect(statement).toMatchObject({
        _type: 'https://in-toto.io/Statement/v1',
        predicate: {
          verdicts: expect.arrayContaining([expect.objectContaining({ gate: 'tests', status: 'pass' })]),
          runs: [expect.objectContaining({ phase: 'baseline.finished', outputSha256: expect.any(String) })],
          tools: { pullwright: expect.any(String) },
        },
      });
      expect(statement.subject[0]?.digest['gitCommit']).toBe(pulls[0]?.head.sha);

      const key = openEvidenceKey(join(world.stateDir, 'evidence-key.pem'));
      const verifying = {
        publicKey: key.publicKey,
        repository: localRepository(world.hub.admin.repository('mira/thing').gitDir),
        settings: parseSettings({ ...world.env, PULLWRIGHT_HOME: join(world.stateDir, 'verify') }),
        log: silentLog,
      };
      const check = await verifyEvidence({ ...verifying, envelope });
      expect(check.gates.filter(({ same }) => !same)).toEqual([]);
      expect(check.gates.map(({ gate }) => gate)).toEqual(
        expect.arrayContaining(['tests', 'secrets', 'lint']),
      );

      const lied = Buffer.from(envelope.payload, 'base64')
        .toString()
        .replace(/"status":"pass"/g, '"status":"fail"');
      const forged: EvidenceEnvelope = { ...envelope, payload: Buffer.from(lied).toString('base64') };
      await expect(verifyEvidence({ ...verifying, envelope: forged })).rejects.toThrow(
        /not signed by this key/,
      );
      const resigned = await verifyEvidence({ ...verifying, envelope: key.sign(JSON.parse(lied)) });
      expect(resigned.gates.find(({ gate }) => gate === 'tests')).toMatchObject({ same: false });
    },
    runMs,
  );

  it.each([
    ['the owner did not grant it', ['security_events'], true, /permissions requested are not granted/],
    ['the repository has none', [], false, /Advanced Security must be enabled/],
  ])(
    'says that code scanning has nothing where %s, and is published all the same',
    async (_, withoutPermissions, isOn, why) => {
      world = await openBotWorld({ files: javascriptBug, withoutPermissions, record: null });
      world.hub.admin.repository('mira/thing').codeScanning = isOn;
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { data: pulls } = await world.as('mira').rest.pulls.list({ owner: 'mira', repo: 'thing' });
      expect(pulls[0]).toMatchObject({ draft: false });
      expect(pulls[0]?.body).toContain('Code scanning: not uploaded');
      expect(pulls[0]?.body).toMatch(why);
      expect(world.hub.admin.repository('mira/thing').sarifs).toEqual([]);
    },
    runMs,
  );
});
