import type { CommandWord } from '../command-grammar.ts';
import { approve } from './approve.ts';
import { budget } from './budget.ts';
import type { CommandHandler } from './command-request.ts';
import { config } from './config.ts';
import { explain } from './explain.ts';
import { help } from './help.ts';
import { retry } from './retry.ts';
import { fix, plan, review } from './start-run.ts';
import { status } from './status.ts';
import { answerQuestion, pause, resume, revise } from './steer.ts';
import { stop } from './stop.ts';
import { undo } from './undo.ts';

/** What each word does. */
export const commandHandlers: { readonly [Word in CommandWord]: CommandHandler } = {
  fix,
  plan,
  approve,
  revise,
  answer: answerQuestion,
  review,
  status,
  explain,
  budget,
  config,
  pause,
  resume,
  stop,
  retry,
  undo,
  help,
};
