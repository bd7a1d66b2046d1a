/** Logs of jobs can have gigabytes; what is wrong stands near the end of the first of them. */
const readBytesMax = 32 * 1024 * 1024;
const keptBytesMax = 128 * 1024;
const timeoutMs = 20_000;

/**
 * The end of a log at an address that GitHub gave, which needs no token and gets none. Empty when it cannot be read: a
 * log is a help and never a condition.
 */
export async function readLogEnd(url: string): Promise<string> {
  if (!/^https?:\/\//.test(url)) return '';
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    if (!response.ok || response.body === null) return '';
    return await endOf(response.body);
  } catch {
    return '';
  }
}

async function endOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let kept = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > keptBytesMax) kept = kept.subarray(kept.length - keptBytesMax);
    if (read > readBytesMax) break;
  }
  return kept.toString('utf8');
}
