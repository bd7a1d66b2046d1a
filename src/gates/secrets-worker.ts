import { parentPort } from 'node:worker_threads';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { AddedBlock, ScanHit } from './scan-message.ts';
import { secretShapes } from './secret-shapes.ts';

const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

/** Entry point of the scanning thread: regular expressions of the rule set backtrack, so it must be killable. */
parentPort?.on('message', (blocks: readonly AddedBlock[]) => void answer(blocks));

/** A failure ends the thread, which the other side hears. */
async function answer(blocks: readonly AddedBlock[]): Promise<void> {
  const hits: ScanHit[] = [];
  for (const block of blocks) hits.push(...(await scanBlock(block)));
  parentPort?.postMessage(hits, []);
}

async function scanBlock(block: AddedBlock): Promise<readonly ScanHit[]> {
  const found = await lintSource({
    source: {
      filePath: block.path,
      content: `${block.lines.join('\n')}\n`,
      ext: /\.[^./]*$/.exec(block.path)?.[0] ?? '',
      contentType: 'text',
    },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  const byRules = found.messages.map(({ ruleId, loc, messageId }) => ({
    rule: ruleId.replace(/^@secretlint\/secretlint-rule-/, ''),
    path: block.path,
    line: block.firstLine + loc.start.line - 1,
    words: messageId.replaceAll('_', ' ').toLowerCase(),
  }));
  return [...byRules, ...byShapes(block)];
}

function byShapes(block: AddedBlock): readonly ScanHit[] {
  return block.lines.flatMap((text, index) =>
    secretShapes
      .filter(({ pattern }) => pattern.test(text))
      .map(({ rule, words }) => ({ rule, path: block.path, line: block.firstLine + index, words })),
  );
}
