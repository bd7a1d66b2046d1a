import type { BranchPusher } from '../domain/effect.ts';
import type { ForgeWriter, RepositoryAddress } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';

/** Runs one write when its turn has come. `creates`: people get something new to read. */
export type InTurn = <Result>(creates: boolean, send: () => Promise<Result>) => Promise<Result>;

/** A writer whose requests wait; what is shown is asked for only when the turn has come. */
export interface PacedWriter extends ForgeWriter {
  commentLate(
    at: RepositoryAddress,
    issue: number,
    bodyNow: () => PublishableText,
  ): ReturnType<ForgeWriter['createComment']>;
  editCommentLate(at: RepositoryAddress, id: number, bodyNow: () => PublishableText): Promise<void>;
}

/** The same writer, where every single request waits for its turn first. */
export function pacedWriter(writer: ForgeWriter, inTurn: InTurn): PacedWriter {
  return {
    commentLate: (at, issue, bodyNow) => inTurn(true, () => writer.createComment(at, issue, bodyNow())),
    editCommentLate: (at, id, bodyNow) => inTurn(false, () => writer.updateComment(at, id, bodyNow())),
    // A reaction is seen, but notifies nobody: it does not use up what comments may need.
    addReaction: (...values) => inTurn(false, () => writer.addReaction(...values)),
    createComment: (...values) => inTurn(true, () => writer.createComment(...values)),
    updateComment: (...values) => inTurn(false, () => writer.updateComment(...values)),
    createIssue: (...values) => inTurn(true, () => writer.createIssue(...values)),
    updateIssue: (...values) => inTurn(false, () => writer.updateIssue(...values)),
    createPull: (...values) => inTurn(true, () => writer.createPull(...values)),
    updatePull: (...values) => inTurn(false, () => writer.updatePull(...values)),
    addLabels: (...values) => inTurn(false, () => writer.addLabels(...values)),
    addAssignees: (...values) => inTurn(false, () => writer.addAssignees(...values)),
    requestReviewers: (...values) => inTurn(false, () => writer.requestReviewers(...values)),
    createReview: (...values) => inTurn(true, () => writer.createReview(...values)),
    replyOnLine: (...values) => inTurn(true, () => writer.replyOnLine(...values)),
    resolveThread: (...values) => inTurn(false, () => writer.resolveThread(...values)),
    markReady: (...values) => inTurn(false, () => writer.markReady(...values)),
    createBlob: (...values) => inTurn(false, () => writer.createBlob(...values)),
    createTree: (...values) => inTurn(false, () => writer.createTree(...values)),
    createCommit: (...values) => inTurn(false, () => writer.createCommit(...values)),
    createBranch: (...values) => inTurn(false, () => writer.createBranch(...values)),
    moveBranch: (...values) => inTurn(false, () => writer.moveBranch(...values)),
    createCheck: (...values) => inTurn(true, () => writer.createCheck(...values)),
    updateCheck: (...values) => inTurn(false, () => writer.updateCheck(...values)),
    uploadSarif: (...values) => inTurn(false, () => writer.uploadSarif(...values)),
  };
}

/** The same pusher, where a push waits for its turn. */
export function pacedPusher(pusher: BranchPusher, inTurn: InTurn): BranchPusher {
  return {
    push: (request) => inTurn(false, () => pusher.push(request)),
    remoteTip: (run, branch) => pusher.remoteTip(run, branch),
  };
}
