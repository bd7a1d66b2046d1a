import type { PublishableText, RunId, TreeId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { shownHashChars } from '../domain/waits.ts';
import { inlineCode } from '../text/inline-code.ts';
import { joinText, markdown } from '../text/markdown.ts';
import type { AuthorityRole, LeastRole } from './authority.ts';

/** A few are enough to see what was mistyped. */
const checkpointsShown = 10;

/** Every answer at trigger time says what happened, who may, and what to do next. */
export const replyTexts = {
  notProcessed: markdown`I could not process this request: it failed several times, and I have given it up. The operator's log says why; ask again once that is mended.`,

  roleMissing: (needs: LeastRole, role: AuthorityRole): PublishableText =>
    role === 'unknown'
      ? markdown`I cannot tell what your role in this repository allows: it is a custom role. This needs the role ${inlineCode(needs)} or higher. Ask somebody who has it to do the same, or ask an administrator to give you a standard role.`
      : markdown`This needs the role ${inlineCode(needs)} or higher in this repository; yours is ${inlineCode(role)}. Ask somebody who has it to do the same.`,

  issueClosed: (label: string): PublishableText =>
    markdown`This issue is closed, so I did not start. Reopen it and put the label ${inlineCode(label)} on it again.`,

  pullLabelled: (label: string): PublishableText =>
    markdown`The label ${inlineCode(label)} starts work on issues only. On a pull request, somebody with the role ${inlineCode('write')} writes a comment that starts with ${inlineCode('/agent fix <what to do>')}.`,

  noFix: {
    closed: markdown`This pull request is closed, so there is nothing to update. Reopen it and write ${inlineCode('/agent fix <what to do>')} again, or put the label on an issue.`,
    fork: markdown`The branch of this pull request is in a fork, and I write to branches of this repository only. Push the branch to this repository and open a pull request from it, then write ${inlineCode('/agent fix <what to do>')} there.`,
    forkDeleted: markdown`The fork that this pull request comes from was deleted, so there is no branch to update. Open a pull request from a branch of this repository, then write ${inlineCode('/agent fix <what to do>')} there.`,
  },

  noReview: {
    closed: markdown`This pull request is closed, so I did not review it. Reopen it and write ${inlineCode('/agent review')} again.`,
    fork: markdown`The branch of this pull request is in a fork, and I run code of this repository's own branches only. Push the branch to this repository and open a pull request from it, then write ${inlineCode('/agent review')} there.`,
    forkDeleted: markdown`The fork that this pull request comes from was deleted, so there is nothing that I could look at. Open a pull request from a branch of this repository, then write ${inlineCode('/agent review')} there.`,
  },

  reviewWhat: markdown`There is nothing to review on an issue. Write ${inlineCode('/agent review')} on a pull request from a branch of this repository.`,

  headIsDefault: markdown`This pull request comes from the default branch, which I never write to. Open it from another branch, then write ${inlineCode('/agent fix <what to do>')} there.`,

  placeUnknown: markdown`I do not understand that place. Write ${inlineCode('/agent explain src/x.ts:40')}, or ${inlineCode('/agent explain')} for the newest run here.`,

  archived: markdown`This repository is archived, so I cannot work in it. Unarchive it, then ask again.`,

  permissionMissing: markdown`GitHub did not let me read what I need here: a permission of the App is missing or not yet accepted. An owner can review it in the settings of the installed App; then ask again.`,

  appLoop: markdown`Apps have started too many runs here today, so I stopped listening to them on this thread. A person can still put the label on or write a command.`,

  active: (run: Run, place: number): PublishableText =>
    markdown`A run is already under way here (${inlineCode(run.id)}, ${stateWords(run, place)}), so I did not start a second one. Write ${inlineCode('/agent stop')} to end it, or ask again when it is done.`,

  nothingToRetry: (label: string): PublishableText =>
    markdown`There is no run here that could be done once more. Put the label ${inlineCode(label)} on an issue, or write ${inlineCode('/agent fix <what to do>')}.`,

  noCheckpoint: (written: string, known: readonly TreeId[]): PublishableText => {
    const list = known.slice(0, checkpointsShown).map((tree) => inlineCode(tree.slice(0, shownHashChars)));
    return list.length === 0
      ? markdown`${inlineCode(written, 80)} names no checkpoint: none is kept here. Write ${inlineCode('/agent retry')} to start anew.`
      : markdown`${inlineCode(written, 80)} does not name one of the checkpoints that are kept here. These are, newest first: ${joinText(list, ', ')}. Write ${inlineCode('/agent retry from <checkpoint>')}, or ${inlineCode('/agent retry')} to start anew.`;
  },

  retryClosed: (issue: number): PublishableText =>
    markdown`Issue #${issue} is closed, so I did not start again. Reopen it, then write ${inlineCode('/agent retry')} again.`,

  retrying: (again: RunId, { trackingIssue, target }: Run): PublishableText =>
    markdown`I start again with the text that was frozen for run ${inlineCode(again)}; what was edited since is not read. Progress is shown on #${trackingIssue ?? target.number}.`,

  undoClosed: markdown`This pull request is closed, so I leave its branch as it is. What was merged is taken back by GitHub's own button ${inlineCode('Revert')} on the pull request.`,

  nothingToUndo: markdown`There is no open pull request here with commits of mine, so there is nothing to take back. Write ${inlineCode('/agent undo')} on the pull request itself.`,

  undoActive: (run: Run, place: number): PublishableText =>
    markdown`A run is under way here (${inlineCode(run.id)}, ${stateWords(run, place)}), so I take nothing back now. Write ${inlineCode('/agent stop')} first, then ${inlineCode('/agent undo')} again.`,

  undoing: (pull: number): PublishableText =>
    markdown`I take back what my runs put on the branch of #${pull}, by one commit on top of it. Commits of people stay as they are; where taking back would touch them, I say so and change nothing.`,

  rerun: markdown`I judge each commit once, on exactly the tree that I pushed, so ${inlineCode('Re-run')} does nothing here. The button ${inlineCode('Retry')} on the check, or ${inlineCode('/agent retry')}, has the newest run done once more.`,

  idle: (label: string): PublishableText =>
    markdown`Nothing is running here. Put the label ${inlineCode(label)} on an issue, or write ${inlineCode('/agent fix <what to do>')} on a pull request.`,

  stopping: (run: Run): PublishableText =>
    markdown`Stopping run ${inlineCode(run.id)}. Nothing will be pushed any more; to start over, ask again.`,

  editedSince: (what: 'label' | 'command'): PublishableText =>
    what === 'label'
      ? markdown`I learned of this label late, and the text here was changed after it was put on: I cannot tell which text was meant. Take the label off and put it on again.`
      : markdown`I learned of this command late, and the text here was changed after it was written: I cannot tell which text was meant. Write it again.`,
} as const;

/** Where a run stands, as the end of a sentence. */
export function stateWords(run: Run, place: number): PublishableText {
  switch (run.state) {
    case 'queued':
      return place === 0 ? markdown`next in the queue` : markdown`number ${place + 1} in the queue`;
    case 'running':
      return markdown`working`;
    case 'parked':
      return markdown`waiting`;
    case 'published':
    case 'refused':
    case 'failed':
    case 'cancelled':
      return markdown`over`;
    default:
      return markdown`in an unknown state`;
  }
}
