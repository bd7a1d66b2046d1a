import type { PublishableText } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import { inlineCode } from '../../text/inline-code.ts';
import { markdown } from '../../text/markdown.ts';
import { stateWords } from '../reply-texts.ts';

/** Answers to whoever reviews a pull request. */
export const roundTexts = {
  takenUp: (run: Run, comments: number): PublishableText => {
    const what = comments === 1 ? markdown`1 comment` : markdown`${comments} comments`;
    const where =
      run.trackingIssue === null
        ? markdown`the tracking issue of this pull request`
        : markdown`#${run.trackingIssue}`;
    return markdown`I take up your review: ${what} on lines, in run ${inlineCode(run.id)}. Each thread gets its answer once the commit is pushed; until then ${where} shows how it goes. ${inlineCode('/agent stop')} ends it.`;
  },

  later: (run: Run, place: number): PublishableText =>
    markdown`A run is under way here (${inlineCode(run.id)}, ${stateWords(run, place)}), so your review waits: I take it up as a round of its own, with all its comments, when that run has ended. ${inlineCode('/agent stop')} ends it now.`,

  unknownPull: markdown`I have no record of having opened this pull request, so a review that requests changes starts nothing here by itself. Submit a review with ${inlineCode('/agent fix')} in its text to have its comments worked on.`,

  nothingToDo: markdown`I found nothing in this review that I could work on: it has no text, and no comment on a line that stands as it was submitted. Submit another review, or write ${inlineCode('/agent fix <what to do>')}.`,
} as const;
