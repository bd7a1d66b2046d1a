import type { SyntaxNode } from '../../toolchains/syntax-tree.ts';
import type { Sources } from './judge-value.ts';
import type { FieldRule } from './sink-rule.ts';

/** What `net/http` and the frameworks on top of it, the command line and the environment hand in. */
export const goSources: Sources = {
  expressions:
    /^(?:r|req|request|\w+\.(?:Request(?:\(\))?|Req))\.(?:URL\b|FormValue|PostFormValue|PostForm\b|Form\b|MultipartForm\b|Header\b|Body\b|Cookies?\b|Host\b|RequestURI\b|Referer|UserAgent|PathValue|FormFile|RemoteAddr\b)|^(?:c|ctx|context)\.(?:Query|DefaultQuery|GetQuery|Param|Params|PostForm|DefaultPostForm|FormValue|QueryParam|GetHeader|Cookie|Body|BodyRaw|Get)(?:\(\))?$|^github\.com\/gorilla\/mux\.Vars|^github\.com\/go-chi\/chi(?:\/v\d)?\.URLParam|^os\.(?:Args|Getenv|LookupEnv|Stdin)\b|^flag\.(?:String|Arg|Args)\b/,
  local: /^(?:os|flag)\./,
  cleaners:
    /^(?:strconv\.(?:Atoi|Parse\w+|Itoa|Quote)|html\.EscapeString|html\/template\.\w*Escape\w*|net\/url\.(?:QueryEscape|PathEscape)|path(?:\/filepath)?\.Base|regexp\.QuoteMeta|len|int|int64|uint\d*|float64|bool|github\.com\/google\/uuid\.Parse|github\.com\/microcosm-cc\/bluemonday\..*)$/,
  builders: /^(?:fmt\.(?:Sprintf?|Sprintln|Appendf)|strings\.(?:Join|Replace|ReplaceAll|Repeat))$/,
  // Parameters are typed, and `r *http.Request` is known by its fields.
  entry: (_fn: SyntaxNode): readonly string[] => [],
};

export const goFields: readonly FieldRule[] = [
  { rule: 'tls-off', name: /(?:^|\.)InsecureSkipVerify$/, is: /^true$/, where: 'both' },
];
