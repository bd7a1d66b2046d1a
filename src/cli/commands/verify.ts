import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createAppLogger } from '../../app/app-logger.ts';
import { evidenceKeyFile, openEvidenceKey } from '../../app/evidence-key.ts';
import { findEvidence } from '../../app/find-evidence.ts';
import { localRepository } from '../../app/local-repository.ts';
import { type EvidenceCheck, verifyEvidence } from '../../app/verify-evidence.ts';
import { readSettings, type Settings } from '../../config/read-settings.ts';
import { AppError } from '../../domain/app-error.ts';
import type { EvidenceEnvelope } from '../../domain/evidence.ts';
import { type Command, parseWords, textOf, UsageError } from '../command.ts';

/** `pullwright verify`: evidence checked by running the gates again. */
export const verify: Command = {
  name: 'verify',
  usage: 'pullwright verify evidence.json|OWNER/NAME#PULL|RUN [--repo PATH] [--key FILE] [--json]',
  help: [
    'Checks the signature, then runs the gates again on the same trees in fresh sandboxes and compares.',
    '  evidence.json    the file on the journal ref; a pull request or a run is looked up in the database',
    '  --repo PATH      a clone on this machine that has both commits; default: the address in the evidence',
    "  --key FILE       public (or private) key in PEM; default: this instance's own",
    'Exit codes: 0 the same, 1 something differs, 78 not signed by the key or not evidence.',
  ].join('\n'),
  async run(args) {
    const options = { repo: { type: 'string' }, key: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, words } = parseWords(args, options, 1);
    const [subject] = words;
    if (subject === undefined) throw new UsageError('say what to verify');
    const settings = readSettings();
    const repo = textOf(values, 'repo');
    const check = await verifyEvidence({
      envelope: await readSubject(subject, settings),
      publicKey: await readKey(textOf(values, 'key'), settings),
      repository: repo === undefined ? null : localRepository(repo),
      settings,
      log: createAppLogger(settings.LOG_LEVEL === 'info' ? 'error' : settings.LOG_LEVEL),
    });
    print(check, values['json'] === true);
    return check.gates.every(({ same }) => same) ? 0 : 1;
  },
};

async function readSubject(subject: string, settings: Settings): Promise<EvidenceEnvelope> {
  const text = await readFile(subject, 'utf8').catch(() => undefined);
  if (text === undefined) return await findEvidence(subject, settings, createAppLogger('error'));
  try {
    return JSON.parse(text) as EvidenceEnvelope;
  } catch {
    throw new AppError('config-invalid', `${subject} is not JSON`);
  }
}

async function readKey(file: string | undefined, settings: Settings): Promise<KeyObject> {
  if (file === undefined) return openEvidenceKey(evidenceKeyFile(settings)).publicKey;
  try {
    return createPublicKey(await readFile(file));
  } catch (error) {
    throw new AppError('config-invalid', `${file} holds no key in PEM`, { cause: error });
  }
}

function print({ run, commit, gates }: EvidenceCheck, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ run, commit, gates }, null, 2)}\n`);
    return;
  }
  process.stdout.write(`run ${run}, commit ${commit}: the signature is good\n`);
  for (const { gate, signed, now, same } of gates) {
    process.stdout.write(`${same ? 'same     ' : 'DIFFERENT'} ${gate.padEnd(14)} ${signed}\n`);
    if (!same) process.stdout.write(`${' '.repeat(25)}now ${now}\n`);
  }
}
