import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';

/** Something in a workflow that lets strangers act. */
export interface WorkflowProblem {
  readonly rule: string;
  readonly line: number;
  readonly what: string;
  readonly level: 'error' | 'warning';
  /** What stands for the place, whatever its line. */
  readonly text: string;
}

export interface WorkflowFacts {
  readonly problems: readonly WorkflowProblem[];
}

/**
 * What a stranger may write into: issue, pull request and comment texts, names of branches and authors.
 * https://docs.github.com/en/actions/concepts/security/script-injections
 */
const strangersText =
  /github\.(?:head_ref|event\.(?:issue|pull_request|comment|review|review_comment|discussion|pages|commits|head_commit|workflow_run|client_payload|inputs)\b[\w.*[\]'"-]*(?:title|body|name|email|message|label|ref|head_branch|description|page_name|homepage|default_branch))\b/;
const headCode =
  /github\.(?:head_ref|event\.(?:pull_request\.(?:head\.|number)|workflow_run\.head_))|refs\/pull\//;

/** The problems of one workflow or composite action, from its parsed form: layout and quoting cannot hide anything. */
export function readWorkflow(text: string): WorkflowFacts {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  if (document.errors.length > 0) {
    const line = document.errors[0]?.linePos?.[0].line ?? 1;
    const what = 'it is not valid YAML, so nothing can be said about it';
    return { problems: [{ rule: 'workflow-unreadable', line, what, level: 'error', text: 'yaml' }] };
  }
  const problems: WorkflowProblem[] = [];
  const isPrivileged = /\b(?:pull_request_target|workflow_run)\b/.test(triggersOf(document.get('on', true)));
  visit(document, {
    Pair(_key, { key, value }) {
      if (!isScalar(key) || typeof key.value !== 'string') return;
      const line = key.range ? lines.linePos(key.range[0]).line : 1;
      const found = pairProblem(key.value, value as Node | null, isPrivileged);
      if (found) problems.push({ line, ...found });
    },
  });
  return { problems };
}

function triggersOf(on: unknown): string {
  if (isScalar(on)) return String(on.value);
  if (isSeq(on)) return on.items.map(triggersOf).join(' ');
  return isMap(on) ? on.items.map(({ key }) => triggersOf(key)).join(' ') : '';
}

type Found = Omit<WorkflowProblem, 'line'> | null;

function pairProblem(key: string, value: Node | null, isPrivileged: boolean): Found {
  const text = isScalar(value) && typeof value.value === 'string' ? value.value : '';
  const found = rules[key]?.(text) ?? null;
  return found ?? (isPrivileged ? (privilegedRules[key]?.(text) ?? null) : null);
}

type Rule = (text: string) => Found;

const rules: Readonly<Record<string, Rule>> = {
  uses: unpinned,
  permissions: (text) =>
    text === 'write-all'
      ? { rule: 'write-all', what: 'it gives every permission to every step', level: 'error', text }
      : null,
  run: injection,
  script: injection,
};

/** Only where a stranger's pull request starts the workflow with the repository's secrets. */
const privilegedRules: Readonly<Record<string, Rule>> = {
  run: fetchesHead,
  script: fetchesHead,
  ref: (text) => (headCode.test(text) ? headCheckout(text) : null),
  repository: (text) => (headCode.test(text) ? headCheckout(text) : null),
};

/** A tag or branch can be moved to other code after it was looked at; a commit or digest can not. */
function unpinned(uses: string): Found {
  if (uses === '' || uses.startsWith('./')) return null;
  const isPinned = uses.startsWith('docker://') ? /@sha256:[0-9a-f]{64}$/ : /@[0-9a-f]{40}$/;
  if (isPinned.test(uses)) return null;
  const level = /^(?:actions|github)\//.test(uses) ? 'warning' : 'error';
  return { rule: 'unpinned-action', what: `\`${uses}\` is not pinned to a commit`, level, text: uses };
}

function injection(script: string): Found {
  const found = [...script.matchAll(/\$\{\{([^]*?)\}\}/g)].find(([, inner]) =>
    strangersText.test(inner ?? ''),
  );
  if (!found) return null;
  const what = `\`${found[0].slice(0, 100)}\` puts a stranger's text into a script: pass it by an environment variable`;
  return { rule: 'script-injection', what, level: 'error', text: found[0] };
}

function fetchesHead(script: string): Found {
  return /gh pr checkout|git (?:fetch|checkout)[^\n]*(?:refs\/)?pull\//.test(script)
    ? headCheckout(script)
    : null;
}

function headCheckout(text: string): Found {
  const what = 'it checks out the code of a pull request where secrets and write access are at hand';
  return { rule: 'privileged-checkout', what, level: 'error', text: text.slice(0, 200) };
}
