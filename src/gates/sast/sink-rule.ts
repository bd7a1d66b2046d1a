import type { Value } from './judge-value.ts';
import type { SastClass } from './sast-class.ts';

/** A call that is dangerous with a value in one place, or in itself. */
export interface SinkRule {
  readonly rule: SastClass;
  /** On the qualified name of what is called. */
  readonly callee: RegExp;
  /** Positions that are looked at, counted from 0; absent: every argument. */
  readonly args?: readonly number[];
  /** A keyword argument, or an option of an object argument, that is looked at besides. */
  readonly keyword?: string;
  /**
   * `command`: a list counts by its first part, or as a whole when it starts a shell; `command-line`: a text counts as
   * well. `address`: an object counts by what
   * it says of the address. `answer`: an object is answered as JSON and does not count.
   */
  readonly shape?: 'command' | 'command-line' | 'address' | 'answer';
  /** From this value on it is a finding; `constant`: always. */
  readonly least: Value;
  /** Only when this keyword or option is there with such a text. */
  readonly option?: { readonly name: string; readonly is: RegExp };
  /** Not when this keyword or option is there. */
  readonly unless?: string | RegExp;
  /** Only when the text of a plain string in this position matches. */
  readonly text?: { readonly arg: number; readonly is: RegExp };
}

/** An assignment, keyword, option or attribute by its name that is dangerous with such a value. */
export interface FieldRule {
  readonly rule: SastClass;
  /** On the last part of the name, or the whole one where it has dots. */
  readonly name: RegExp;
  /** On the text of a plain value. */
  readonly is?: RegExp;
  readonly least?: Value;
  readonly where: 'assignment' | 'option' | 'both';
  /** Worth a look and no proof: never more than a warning. */
  readonly soft?: true;
}

/** Text put together with a value from outside, recognised by its written parts. */
export interface TextRule {
  readonly rule: SastClass;
  /** On the text as it stands in the file. */
  readonly is: RegExp;
}
