import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface TestTlsServer {
  readonly port: number;
  /** Connections whose TLS handshake succeeded. */
  connections(): number;
  close(): Promise<void>;
}

/** A TLS server for `localhost` with a certificate of its own that answers every connection with `hello`. */
export async function startTlsServer(): Promise<TestTlsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'tls-'));
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', keyFile, '-out', certFile, '-subj', '/CN=localhost', '-days', '2'];
  execFileSync('/usr/bin/openssl', [...request, ...files], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) });
  rmSync(directory, { recursive: true });
  let connections = 0;
  server.on('secureConnection', (socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.write('hello');
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      server.close();
    },
  };
}

/** A Python program that says what such a server on the host says, asked through a sandbox's proxy. */
export function tlsThroughProxy(port: number): string {
  return `
import os, socket, ssl
from urllib.parse import urlparse
proxy = urlparse(os.environ['HTTPS_PROXY'])
s = socket.create_connection((proxy.hostname, proxy.port))
s.sendall(b'CONNECT localhost:${port} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
s.recv(1000)
context = ssl._create_unverified_context()
print(context.wrap_socket(s, server_hostname='localhost').recv(10).decode())
`;
}
