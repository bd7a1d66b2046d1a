import type { CommitId } from '../domain/ids.ts';
import { evidenceStatement } from '../record/evidence-statement.ts';
import { groundCommit, groundTree } from './choose-ground.ts';
import { lastOfPublication, publicationKey } from './publication.ts';
import type { RunContext } from './run-context.ts';

/** Signs what the gates found about the published commit, once for each; nothing happens where there is no key. */
export async function signEvidence(context: RunContext, commit: CommitId): Promise<void> {
  const { signer, tools } = context.ports;
  if (!signer) return;
  if (lastOfPublication(context, 'evidence.signed')) return;
  context.checkLease();
  const { treeId } = context.fact('commit.made');
  const subject = {
    commit,
    tree: treeId,
    startCommit: groundCommit(context),
    startTree: groundTree(context),
  };
  const statement = evidenceStatement(context.run, context.entries, { subject, tools });
  await context.append(
    { kind: 'evidence.signed', keyId: signer.keyId, envelope: signer.sign(statement) },
    publicationKey(context, 'evidence.signed'),
  );
}
