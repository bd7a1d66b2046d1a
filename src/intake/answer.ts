import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** How long a refused sender may go on talking before its socket is closed. */
const lingerMs = 1_000;

/** Answers with a constant body per status: it says nothing about what was wrong with the request. */
export function answer(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  const body = `${STATUS_CODES[status] ?? 'Answered'}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 ? { 'retry-after': '30' } : {}),
  });
  response.end(body, 'latin1');
}

/**
 * Answers while the body is still coming, throws the rest away unread for at most a second, then closes the socket.
 * Closing at once would make the kernel drop the answer (RST) before the sender has read it.
 */
export function refuseAndClose(request: IncomingMessage, response: ServerResponse, status: number): void {
  response.setHeader('connection', 'close');
  answer(response, status);
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
  request.on('error', () => request.socket.destroy());
  request.resume();
}
