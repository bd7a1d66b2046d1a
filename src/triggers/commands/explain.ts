import { replyTexts } from '../reply-texts.ts';
import { answer, type CommandHandler, refuseCommand } from './command-request.ts';

/** A path with an optional line, as people write it: `src/x.ts:40`, also in backquotes. */
const place = /^`?([^\s`]{1,400}?)(?::(\d{1,7}))?`?$/;

/** `/agent explain [path:line]`: answered from the journal, without a model. */
export const explain: CommandHandler = async (ports, request) => {
  const { thread, command } = request;
  const asked = command.text.split('\n')[0]?.trim() ?? '';
  const parsed = place.exec(asked);
  if (asked !== '' && !parsed) {
    return await refuseCommand(ports, request, { code: 'place-unknown', body: replyTexts.placeUnknown });
  }
  const [, path = '', line] = parsed ?? [];
  const pull =
    thread.target.kind === 'pull-request'
      ? await ports.reader.pull(thread.at, thread.target.number)
      : undefined;
  const ownBranch = pull?.headRepositoryId === thread.at.repositoryId;
  const body = await ports.explanations.explain({
    at: thread.at,
    number: thread.target.number,
    ref: ownBranch ? pull.headRef : thread.repository.defaultBranch,
    place: path === '' ? null : { path, line: line === undefined ? null : Number(line) },
  });
  return await answer(ports, request, { outcome: { kind: 'applied', what: 'explain' }, body });
};
