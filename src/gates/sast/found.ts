import type { Certainty, SastClass } from './sast-class.ts';

/** What one node of a text is, by the rules: classes with how certain each is. */
export type Found = readonly (readonly [SastClass, Certainty])[];
