import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ApiError, notFound } from '../http/api-error.ts';
import { parseBody } from '../http/parse-body.ts';
import { ok, type RepositoryCall, type Route, read, repositoryRoute, write } from '../http/route.ts';
import type { SarifUpload } from '../state/model.ts';
import { requireCommit } from './commit-routes.ts';

const upload = z.object({
  commit_sha: z.string().regex(/^[0-9a-fA-F]{40}$/),
  ref: z.string().regex(/^refs\/(heads|tags|pull)\/.*$/),
  sarif: z.string(),
  checkout_uri: z.string().optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  tool_name: z.string().optional(),
  validate: z.boolean().optional(),
});

const named = z.object({ text: z.string() });

/** What GitHub needs of a log to show it. */
const log = z.object({
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.object({
        tool: z.object({
          driver: z.object({
            name: z.string().min(1),
            rules: z.array(z.object({ id: z.string() })).optional(),
          }),
        }),
        automationDetails: z.object({ id: z.string() }).optional(),
        results: z
          .array(
            z.object({
              ruleId: z.string(),
              message: named,
              locations: z.array(
                z.object({
                  physicalLocation: z.object({
                    artifactLocation: z.object({ uri: z.string() }),
                    region: z.object({ startLine: z.number().int().min(1) }),
                  }),
                }),
              ),
            }),
          )
          .max(25_000),
      }),
    )
    .max(20),
});

/** Of the log after unpacking; GitHub takes 10 MB before. */
const logBytesMax = 50 * 1024 * 1024;

/** Code scanning: logs come in, and are processed at once. */
export const codeScanningRoutes: readonly Route[] = [
  repositoryRoute('POST', '/code-scanning/sarifs', write('security_events'), receive),
  repositoryRoute('GET', '/code-scanning/sarifs/:id', read('security_events'), (call) => {
    const found = call.repository.sarifs.find(({ id }) => id === call.params['id']);
    if (!found) throw notFound();
    return ok({
      processing_status: 'complete',
      analyses_url: `${call.hub.urls.repositoryApi(call.repository)}/code-scanning/analyses?sarif_id=${found.id}`,
      errors: null,
    });
  }),
];

async function receive(call: RepositoryCall) {
  if (!call.repository.codeScanning) {
    throw new ApiError(403, 'Advanced Security must be enabled for this repository to use code scanning.');
  }
  const wanted = parseBody(upload, call.body, 'Sarif');
  const commit = await requireCommit(call, wanted.commit_sha);
  const parsed = log.safeParse(unpacked(wanted.sarif));
  if (!parsed.success)
    throw new ApiError(400, `Invalid SARIF: ${z.prettifyError(parsed.error).slice(0, 500)}`);
  const [run] = parsed.data.runs;
  const kept: SarifUpload = {
    id: randomUUID(),
    commit,
    ref: wanted.ref,
    tool: run?.tool.driver.name ?? '',
    category: run?.automationDetails?.id ?? '',
    results: run?.results ?? [],
  };
  // Of one tool, category and commit the later one counts.
  const others = call.repository.sarifs.filter(
    ({ tool, category, ref, commit: at }) =>
      tool !== kept.tool || category !== kept.category || ref !== kept.ref || at !== kept.commit,
  );
  call.repository.sarifs.splice(0, Number.POSITIVE_INFINITY, ...others, kept);
  call.hub.state.changed();
  const url = `${call.hub.urls.repositoryApi(call.repository)}/code-scanning/sarifs/${kept.id}`;
  return { status: 202, body: { id: kept.id, url } };
}

function unpacked(sarif: string): unknown {
  try {
    const text = gunzipSync(Buffer.from(sarif, 'base64'), { maxOutputLength: logBytesMax });
    return JSON.parse(text.toString('utf8'));
  } catch {
    throw new ApiError(400, 'Invalid SARIF: it is not a gzip of JSON in base64');
  }
}
