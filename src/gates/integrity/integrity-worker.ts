import { parentPort } from 'node:worker_threads';
import { findProblems, type IntegrityTexts } from './find-problems.ts';

/** Entry point of the thread: parsers and patterns meet texts written by strangers, so it must be killable. */
parentPort?.on('message', (texts: IntegrityTexts) => void answer(texts));

/** A failure ends the thread, which the other side hears. */
async function answer(texts: IntegrityTexts): Promise<void> {
  parentPort?.postMessage(await findProblems(texts), []);
}
