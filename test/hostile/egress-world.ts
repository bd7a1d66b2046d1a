import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer, isIPv4, isIPv6 } from 'node:net';

/**
 * The world outside a sandbox, for a process started in a network namespace of its own: every address that the battery
 * tries is this machine, and answers. So a probe that is blocked was blocked by a defence, and not by a missing target.
 * Says `{ resolver }` when all listens; ends with its standard input.
 */
const [, , loopbackPort = '', postgresPort = '', abstractName = '', path = ''] = process.argv;
const reached = 'reached';

const resolver = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '9.9.9.9';
const addresses = [
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '203.0.113.10',
  '172.17.0.1',
  '10.0.0.5',
  '8.8.8.8',
  'fd00:ec2::254',
  '2001:db8::10',
  resolver,
];

const ip = (...args: readonly string[]): void => {
  execFileSync('ip', [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
};

ip('link', 'set', 'lo', 'up');
for (const address of new Set(addresses.filter((one) => !one.startsWith('127.') && one !== '::1'))) {
  const isNew = isIPv4(address) ? `${address}/32` : `${address}/128`;
  ip('addr', 'add', isNew, 'dev', 'lo', ...(isIPv6(address) ? ['nodad'] : []));
}
ip('route', 'add', '224.0.0.0/4', 'dev', 'lo');

for (const port of [22, 25, 53, 80, 443, 2375, Number(loopbackPort), Number(postgresPort)])
  await listen(port);
for (const where of [`\0${abstractName}`, path]) await listen(where);
for (const port of [53, 9999]) await echo(port);
console.log(JSON.stringify({ resolver }));
process.stdin.resume().once('end', () => process.exit(0));

async function listen(where: number | string): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(reached);
  });
  if (typeof where === 'number') server.listen(where, '::');
  else server.listen(where);
  await once(server, 'listening');
  if (where === path) chmodSync(path, 0o777);
}

async function echo(port: number): Promise<void> {
  for (const family of ['udp4', 'udp6'] as const) {
    const socket = createSocket({ type: family, ipv6Only: family === 'udp6' });
    socket.on('message', (message, { address, port: from }) => socket.send(message, from, address));
    socket.bind(port, family === 'udp4' ? '0.0.0.0' : '::');
    await once(socket, 'listening');
  }
}
