import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import { isNumberParameter } from './file-scope.ts';
import type { Sources } from './judge-value.ts';
import type { FieldRule } from './sink-rule.ts';

const sent =
  /@(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|RequestPart|ModelAttribute|QueryParam|PathParam|FormParam|HeaderParam|CookieParam|MatrixParam|QueryValue)\b/;

/** What servlets, Spring and JAX-RS, the command line and the environment hand in. */
export const javaSources: Sources = {
  expressions:
    /(?:^|\.)(?:(?:\w*Request|MultipartFile|Part|Cookie)\(\)|req|request)\.(?:getParameter(?:Values|Map|Names)?|getHeaders?|getCookies|getQueryString|getInputStream|getReader|getRequestUR[IL]|getPathInfo|getParts?|getOriginalFilename|getSubmittedFileName|getValue|getBody)\(\)|^System\.(?:getenv|getProperty)\(\)/,
  local: /^System\./,
  cleaners:
    /(?:^|\.)(?:(?:Integer|Long|Short|Double|Float|Boolean|BigDecimal|UUID)\.(?:parse\w+|valueOf|fromString)|Encode\.for\w+|\w+\.encodeFor\w+|URLEncoder\.encode|FilenameUtils\.getName|Jsoup\.clean|HtmlUtils\.htmlEscape|Pattern\.quote)$|\.hashCode$/,
  builders: /^String\.(?:format|join|valueOf)$|\.(?:append|formatted|concat)$/,
  entry(fn: SyntaxNode): readonly string[] {
    const all = fn.childForFieldName('parameters')?.namedChildren ?? [];
    return all.flatMap((one) => {
      const name = one?.childForFieldName('name')?.text;
      return one && name !== undefined && sent.test(one.text) && !isNumberParameter(one) ? [name] : [];
    });
  },
};

export const javaFields: readonly FieldRule[] = [];
