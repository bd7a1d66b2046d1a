import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { Found } from './found.ts';

/** Methods of Java that are asked whether a peer may be trusted, and trust everybody. */
export function trustHits(node: SyntaxNode): Found {
  if (node.type !== 'method_declaration') return [];
  const name = node.childForFieldName('name')?.text ?? '';
  const body = (node.childForFieldName('body')?.text ?? ';').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  const parameters = node.childForFieldName('parameters')?.text ?? '';
  const everybody =
    name === 'checkServerTrusted'
      ? /^\{\s*(?:return;)?\s*\}$/.test(body)
      : name === 'verify' && /SSLSession/.test(parameters) && /^\{\s*return true;\s*\}$/.test(body);
  return everybody ? [['tls-off', 'constant']] : [];
}
