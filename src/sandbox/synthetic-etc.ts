import { chmod, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

/**
 * Files of our own for the sandbox's `/etc`. Without them `getpwuid`, `os.userInfo()`, `localhost` and Java's
 * `InetAddress.getLocalHost()` fail, and with them real test suites; the host's own would tell about the host.
 */
const contents = {
  passwd: [
    'agent:x:UID:GID:agent:/home/agent:/bin/sh',
    'root:x:0:0:root:/root:/usr/sbin/nologin',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '',
  ].join('\n'),
  group: 'agent:x:GID:\nroot:x:0:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost HOSTNAME\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  'resolv.conf': '',
} as const;

/** Names below the sandbox's `/etc` that `writeSyntheticEtc` provides. */
export const syntheticEtcFiles: readonly string[] = Object.keys(contents);

/** Who `agent` is in a sandbox whose user ids are the host's own, and what the sandbox is called. */
export interface SyntheticNames {
  readonly uid: number;
  readonly gid: number;
  readonly hostName: string;
}

/** Writes the files into `directory`, readable by everyone, each replaced atomically (other processes share it). */
export async function writeSyntheticEtc(directory: string, names?: SyntheticNames): Promise<void> {
  const { uid, gid, hostName } = names ?? { uid: 1000, gid: 1000, hostName: hostname() };
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  for (const [name, content] of Object.entries(contents)) {
    const text = content
      .replace('HOSTNAME', hostName)
      .replaceAll('UID', `${uid}`)
      .replaceAll('GID', `${gid}`);
    await replaceFile(join(directory, name), text);
  }
}
