import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const batch = 32;

/** One pipe: what a child writes to `writeFd` comes out of `reader`. */
export interface OutputPipe {
  readonly reader: Socket;
  readonly writeFd: number;
}

/** Makes the pipes that commands write their output to. */
export interface OutputPipes {
  /** Two of them. The caller closes each `writeFd` once the child has it. */
  take(): Promise<readonly [stdout: OutputPipe, stderr: OutputPipe]>;
}

/**
 * What Node calls a pipe is a socket, and a socket cannot be opened by path: `echo x > /dev/stderr`, which test suites
 * and build scripts do, failed with ENXIO. Node cannot make real pipes, hence named ones, in batches (one `mkfifo` for
 * 16 commands), each unlinked as soon as it is open. They are open to everybody so that the sandbox's user may open
 * them again; their directory is not.
 */
export function outputPipes(stateDir: string): OutputPipes {
  const directory = join(stateDir, `pipes-${process.pid}-${Date.now()}`);
  const made: string[] = [];
  let counter = 0;
  const make = async (): Promise<void> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const paths = Array.from({ length: batch }, (_, index) => join(directory, String(counter + index)));
    counter += batch;
    await run('/usr/bin/mkfifo', ['-m', '666', '--', ...paths], { env: {}, cwd: '/' });
    made.push(...paths);
  };
  return {
    async take() {
      while (made.length < 2) await make();
      const [first, second] = made.splice(0, 2) as [string, string];
      return [open(first), open(second)];
    },
  };
}

function open(path: string): OutputPipe {
  // In this order: a reader that does not wait for a writer, then a writer that finds a reader.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writeFd = openSync(path, constants.O_WRONLY);
    unlinkSync(path);
    return { reader: new Socket({ fd: readFd, readable: true, writable: false }), writeFd };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}
