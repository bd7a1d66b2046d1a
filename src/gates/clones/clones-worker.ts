import { parentPort, workerData } from 'node:worker_threads';
import type { CloneRequest } from './clones-message.ts';
import { findClones } from './find-clones.ts';

/** Entry point of the comparing thread: a whole repository would hold up every lease of this process. */
parentPort?.postMessage(findClones(workerData as CloneRequest), []);
