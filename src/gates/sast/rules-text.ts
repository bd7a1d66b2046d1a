import type { TextRule } from './sink-rule.ts';

/** What a text is, whatever it is given to: `"SELECT … " + request.args["id"]` is a query wherever it goes. */
export const textRules: readonly TextRule[] = [
  {
    rule: 'sql-injection',
    is: /^[fFrRbBuU]*["'`(\s]*(?:select\b[\s\S]{1,400}?\bfrom\b|insert\s+into\b|update\b[\s\S]{1,200}?\bset\b|delete\s+from\b|drop\s+table\b|create\s+table\b|alter\s+table\b)/i,
  },
  {
    rule: 'xss',
    is: /<(?:a|b|body|br|button|div|form|h[1-6]|html|i|iframe|img|input|li|p|pre|script|span|strong|table|td|tr|ul)\b[^>]*>|<\/\w+>/i,
  },
  { rule: 'ssrf', is: /^[fF]?["'`]https?:\/\/(?:["'`]\s*\+|\{|\$\{|%s|%r)/i },
];
