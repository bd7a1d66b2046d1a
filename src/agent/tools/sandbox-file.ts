import type { SandboxResult } from '../../domain/sandbox.ts';
import type { ToolContext } from './tool.ts';

/** Larger files are read in ranges and changed by commands. */
export const editBytesMax = 1024 * 1024;

const fileTimeoutMs = 30_000;

/** Of a tool's context, what files need. */
export type FileContext = Pick<ToolContext, 'sandbox' | 'signal'>;

export type FileRead =
  | { readonly kind: 'file'; readonly text: string }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * Reads a whole file byte for byte. Through base64, because captured output is cleaned of control characters and
 * what is written back must not lose any.
 */
export async function readWholeFile(path: string, context: FileContext): Promise<FileRead> {
  const script = `[ -f "$1" ] || exit 20; [ "$(wc -c < "$1")" -le ${editBytesMax} ] || exit 21; base64 < "$1"`;
  const result = await execScript(script, [path], context, { keepBytes: editBytesMax * 2 });
  if (result.exitCode === 20) return { kind: 'problem', message: `${path} is not a file` };
  if (result.exitCode === 21) return { kind: 'problem', message: `${path} is larger than 1 MiB; use run` };
  if (result.exitCode !== 0) return { kind: 'problem', message: problemOf(result) };
  const bytes = Buffer.from(result.stdout.text, 'base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes))
    return { kind: 'problem', message: `${path} is not UTF-8 text` };
  return { kind: 'file', text };
}

/** Writes a whole file, with the directories that are missing; an existing file keeps its mode. Null when it worked. */
export async function writeWholeFile(
  path: string,
  text: string,
  context: FileContext,
): Promise<string | null> {
  const script = '[ ! -d "$1" ] || exit 22; mkdir -p -- "$(dirname -- "$1")" && cat > "$1"';
  const result = await execScript(script, [path], context, { stdin: text });
  if (result.exitCode === 22) return `${path} is a directory`;
  return result.exitCode === 0 ? null : problemOf(result);
}

/** Runs a fixed POSIX script of ours; the arguments reach it as `$1`… and are never part of its text. */
export async function execScript(
  script: string,
  args: readonly string[],
  context: FileContext,
  more: { readonly stdin?: string; readonly keepBytes?: number } = {},
): Promise<SandboxResult> {
  return context.sandbox.exec({
    command: ['/bin/sh', '-c', script, 'sh', ...args],
    timeoutMs: fileTimeoutMs,
    signal: context.signal,
    ...more,
  });
}

/** Why a script did not end well, in a line for the model. */
export function problemOf(result: SandboxResult): string {
  const said = result.stderr.text.trim().slice(0, 500);
  if (result.ended !== 'exit') return `stopped: ${result.ended}${said ? `: ${said}` : ''}`;
  return said || `exit code ${result.exitCode}`;
}
