import type { Verdict } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { ReviewClaim, ReviewFinding } from '../domain/review.ts';
import type { Workspace } from '../domain/workspace.ts';
import { checkClaims, type ProvedFacts } from '../gates/claims/check-claims.ts';
import type { Claim } from '../gates/claims/claim.ts';
import { extractClaims } from '../gates/claims/extract-claims.ts';
import { addressOf } from './address.ts';
import { arrangeReview, changedLines } from './arrange-review.ts';
import { lookWithModel } from './model-look.ts';
import type { RunContext } from './run-context.ts';
import { startTree } from './steps/snapshot.ts';

/** What is beyond has no comment on a line; GitHub itself shows far less of a diff. */
const diffBytesMax = 16 * 1024 * 1024;

/** Settles, once, what the review shows: every line of it follows from verdicts, the diff and checked proposals. */
export async function settleReview(
  context: RunContext,
  workspace: Workspace,
  judged: { readonly treeId: TreeId; readonly verdicts: readonly Verdict[] },
): Promise<void> {
  await context.once(
    'review.settled',
    'review.settled',
    () => true,
    async () => {
      const { verdicts, treeId } = judged;
      const base = startTree(context);
      const diff = await workspace.diffLines(base, treeId, diffBytesMax);
      const lines = changedLines(diff.lines.filter(({ kind }) => kind === 'added'));
      const files = await workspace.changes(base, treeId);
      const look = await lookWithModel(context, workspace, { treeId, verdicts, diff, files, lines });
      const proposals = proposalsOf(context);
      return {
        kind: 'review.settled',
        ...arrangeReview({ verdicts, proposals, lines }),
        look: look?.look ?? null,
        summary: look?.summary ?? '',
        claims: untrueClaims(look?.summary ?? '', proposals, { verdicts, changes: files }),
        unseen: look?.unseen ?? [],
        files,
        headNow: await headNow(context),
      };
    },
  );
}

function proposalsOf(context: RunContext): readonly ReviewFinding[] {
  return context.entries.flatMap(({ event }) => (event.kind === 'finding.proposed' ? [event.finding] : []));
}

/** What findings may not assert: what was measured. Which files code touches is what they are about. */
const measured: ReadonlySet<Claim['kind']> = new Set([
  'tests-pass',
  'test-count',
  'checks-clean',
  'coverage',
  'measured',
]);

/** The rules that the gate `claims` has for our own work: a sentence that the measurements do not bear out is struck. */
function untrueClaims(
  summary: string,
  proposals: readonly ReviewFinding[],
  facts: ProvedFacts,
): readonly ReviewClaim[] {
  const ofFindings = proposals
    .flatMap(({ claim }) => extractClaims(claim))
    .filter(({ kind }) => measured.has(kind));
  return checkClaims([...extractClaims(summary), ...ofFindings], facts).flatMap(({ text, state, why }) =>
    state === 'supported' ? [] : [{ text, state, why }],
  );
}

async function headNow({ run, ports }: RunContext): Promise<string | null> {
  const pull = await ports.reader.pull(addressOf(run), run.target.number);
  return pull?.headSha ?? null;
}
