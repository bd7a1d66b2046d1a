import { helpText } from '../steering-texts.ts';
import { answer, type CommandHandler } from './command-request.ts';

/** `/agent help`. */
export const help: CommandHandler = (ports, request) =>
  answer(ports, request, { outcome: { kind: 'applied', what: 'help' }, body: helpText(ports.labelName) });
