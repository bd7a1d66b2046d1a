import { answer, type CommandHandler } from './command-request.ts';

/** `/agent config`: what the base branch's file says here, with defaults, budgets and what is wrong with it. */
export const config: CommandHandler = async (ports, request) => {
  const { at, target, repository } = request.thread;
  const pull = target.kind === 'pull-request' ? await ports.reader.pull(at, target.number) : undefined;
  const body = await ports.configs.show(at, pull?.base ?? repository.defaultBranch);
  return await answer(ports, request, { outcome: { kind: 'applied', what: 'config' }, body });
};
