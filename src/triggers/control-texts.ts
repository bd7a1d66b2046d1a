import { inlineCode } from '../text/inline-code.ts';
import { markdown } from '../text/markdown.ts';

/** What people are told about the control issue, on it or on the thread of the run that a box means. */
export const controlTexts = {
  nothingStarts: markdown`This issue shows what I do in this repository, so I start nothing on it. Open an issue of its own for what is to be done, and put the label on that; to steer a run, tick its box here or write ${inlineCode('/agent help')} on its thread.`,

  notOffered: markdown`That box is not one that I offer here now: what it stood for is over or has changed, or somebody else wrote it. Nothing was done. What can be done now stands above; a tick counts once the text is mine again.`,

  missed: markdown`I learned too late who ticked that box, and had said by then that it was not taken. Nothing was done; tick it again if it still stands above.`,

  notNewest: markdown`That box was for a run that is not the newest one here any more, so I did not start again. ${inlineCode('/agent retry')} does the newest once more.`,
} as const;
