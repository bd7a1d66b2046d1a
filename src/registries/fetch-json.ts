const bytesMax = 64 * 1024 * 1024;
const timeoutMs = 15_000;

/** A registry's answer: its JSON, or that there is no such thing, or that nothing can be said. */
export type Fetched = { readonly json: unknown } | 'absent' | 'unavailable';

/**
 * Asks an address of the operator's. Redirects are not followed: they could lead anywhere from inside the operator's
 * network. 401 and 403 say nothing about whether a package exists.
 */
export async function fetchJson(
  address: string,
  signal: AbortSignal,
  init: { readonly accept?: string; readonly body?: unknown } = {},
): Promise<Fetched> {
  try {
    const { accept = 'application/json', body } = init;
    const response = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept,
        'user-agent': 'pullwright',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.status === 404 || response.status === 410) return 'absent';
    if (!response.ok) return 'unavailable';
    const text = await readCapped(response);
    return text === null ? 'unavailable' : { json: parse(text) };
  } catch {
    signal.throwIfAborted();
    return 'unavailable';
  }
}

async function readCapped(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Some registries answer in plain text; that it answered is worth knowing too. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
