import { parentPort } from 'node:worker_threads';
import { grammarOfPath, parseSyntax } from '../../toolchains/syntax-tree.ts';
import type { FactsAnswer, FactsBegun, FactsRequest } from './facts-message.ts';
import { readFileFacts } from './read-file-facts.ts';
import { readTokens } from './read-tokens.ts';
import { readWorkflow } from './read-workflow.ts';

/** Entry point of the analysing thread: parsers meet texts written by strangers, so it must be killable. */
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: FactsRequest) => {
  last = last.then(() => serve(request));
});

async function serve(request: FactsRequest): Promise<void> {
  const { id, kind, path } = request;
  const grammar = kind === 'syntax' ? grammarOfPath(path) : undefined;
  if (grammar !== undefined) (await parseSyntax(grammar, '')).dispose();
  const begun: FactsBegun = { begun: id };
  parentPort?.postMessage(begun, []);
  parentPort?.postMessage(await answer(request), []);
}

async function answer({ id, kind, path, text }: FactsRequest): Promise<FactsAnswer> {
  try {
    return { id, facts: await factsOf(kind, path, text), problem: null };
  } catch (error) {
    return { id, facts: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function factsOf(
  kind: FactsRequest['kind'],
  path: string,
  text: string,
): Promise<FactsAnswer['facts']> {
  switch (kind) {
    case 'tokens':
      return readTokens(path, text);
    case 'workflow':
      return readWorkflow(text);
    default:
      return await readFileFacts(path, text);
  }
}
