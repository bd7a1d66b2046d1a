/** A class of weaknesses, by its CWE. */
export type SastClass =
  | 'command-injection'
  | 'code-injection'
  | 'sql-injection'
  | 'nosql-injection'
  | 'xss'
  | 'path-traversal'
  | 'deserialization'
  | 'ssrf'
  | 'open-redirect'
  | 'weak-crypto'
  | 'tls-off'
  | 'hardcoded-secret'
  | 'xxe'
  | 'insecure-transport'
  | 'permissions'
  | 'misconfiguration';

/** The CWE number and how bad one of them is (https://cwe.mitre.org). */
export const sastClasses: Readonly<
  Record<
    SastClass,
    { readonly cwe: number; readonly severity: 'critical' | 'high' | 'medium'; readonly words: string }
  >
> = {
  'command-injection': {
    cwe: 78,
    severity: 'critical',
    words: 'text from outside can become a shell command',
  },
  'code-injection': { cwe: 94, severity: 'critical', words: 'text from outside can become code' },
  'sql-injection': {
    cwe: 89,
    severity: 'critical',
    words: 'a query is put together from text: pass parameters instead',
  },
  'nosql-injection': { cwe: 943, severity: 'high', words: 'a query object comes from outside' },
  xss: { cwe: 79, severity: 'high', words: 'text from outside can become HTML' },
  'path-traversal': { cwe: 22, severity: 'high', words: 'a path comes from outside' },
  deserialization: { cwe: 502, severity: 'critical', words: 'reading this format can run code' },
  ssrf: { cwe: 918, severity: 'high', words: 'an address comes from outside' },
  'open-redirect': { cwe: 601, severity: 'medium', words: 'people can be sent anywhere' },
  'weak-crypto': { cwe: 327, severity: 'high', words: 'this algorithm or key is too weak' },
  'tls-off': { cwe: 295, severity: 'high', words: 'certificates are not checked' },
  'hardcoded-secret': { cwe: 798, severity: 'high', words: 'a secret stands in the code' },
  xxe: { cwe: 611, severity: 'high', words: 'this parser follows external entities' },
  'insecure-transport': { cwe: 319, severity: 'medium', words: 'the connection is not encrypted' },
  permissions: { cwe: 732, severity: 'medium', words: 'others on the machine may write or run it' },
  misconfiguration: { cwe: 16, severity: 'medium', words: 'a protection is turned off' },
};

/**
 * `source`: a value from outside reaches it in this file; `constant`: what stands there proves it; `dynamic`: it is not
 * a constant, and where it comes from is not known here.
 */
export type Certainty = 'source' | 'constant' | 'dynamic';

/** One place in one text. */
export interface SastHit {
  readonly rule: SastClass;
  readonly certainty: Certainty;
  readonly line: number;
  readonly endLine: number;
  /** The call or assignment, shortened. */
  readonly what: string;
}
