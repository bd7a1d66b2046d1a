/** One command that ran in a sandbox, as evidence. */
export interface CommandRun {
  readonly command: string;
  readonly exitCode: number | null;
  readonly ended: string;
  readonly durationMs: number;
  /** Last lines, sanitised, at most 4,000 characters. */
  readonly outputTail: string;
  /** Of all that was kept of standard output and error, in hex. Absent in journals of before. */
  readonly outputSha256?: string;
}
