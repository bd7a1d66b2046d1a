/**
 * What the name of a called function says about its result, whatever library it is of. A name that lies is a mistake of
 * the reviewed code that no rule of ours sees; without these, every project's own `escapeHtml` would be pointed out.
 */

const last = (callee: string): string => callee.split('.').at(-1) ?? callee;

const cleaning =
  /escape|saniti[sz]e|purif|encode_?uri|url_?encode|html_?(?:encode|entities)|strip_?(?:tags|html)|^(?:filter_?xss|xss|slugify|clean_?html|to_?int|parse_?(?:int|float))$/i;
const undoing = /un_?escape|un_?saniti|decode/i;

const yesOrNo =
  /^(?:is|has|can|should|exists?)(?:_|[A-Z]|$)|^(?:includes|test|startsWith|endsWith|startswith|endswith|equals|equalsIgnoreCase|matches|contains|isEmpty|indexOf|lastIndexOf|search|localeCompare|isdigit|isnumeric|isalnum|isalpha|count|len|length|bool|Boolean)$/;

/** `escapeHtml`, not `unescape`, and what answers with a number or a yes: nothing that was sent goes through as it was. */
export function cleansByName(callee: string): boolean {
  const name = last(callee);
  return (cleaning.test(name) && !undoing.test(name)) || yesOrNo.test(name);
}

const lookingUp =
  /^(?:get|find|find_?(?:one|all|first|unique|many|by)\w*|fetch_?(?:one|all|many)|first|one|scalar\w*|filter|filter_by|query|select|lookup|objects|get_object_or_404|get_or_create|get_or_404|findOr\w+)$/i;
const notLookingUp = /^(?:lodash|underscore|_|requests|httpx|axios|got|superagent|needle|request|https?)\./;

/** What is found by a key is what was kept, not the key: `User.objects.get(id=…)`. */
export function looksUpByName(callee: string): boolean {
  return lookingUp.test(last(callee)) && !notLookingUp.test(callee);
}

/** `isSafeUrl(u)` and `safe_redirect_target(u)` alike: the address was looked at. */
export function checksAddressByName(callee: string): boolean {
  return /safe|valid|allow|trust|white_?list|permitted|same_?origin|local_?url/i.test(last(callee));
}
