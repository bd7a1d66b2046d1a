/** A shape of credential that its issuer documents or always gives out. */
export interface TokenShape {
  readonly rule: string;
  readonly words: string;
  readonly pattern: RegExp;
}

/** Nothing of a word or token may stand before it; after an escape as in `\ntoken` its letter does. */
const begins = String.raw`(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))`;
const ends = '(?![A-Za-z0-9])';

/** By issuer: what its tokens look like. Lengths are open at the end where the issuer lengthened them before. */
const issued: readonly (readonly [rule: string, words: string, ...shapes: readonly string[]])[] = [
  // Installation tokens have about 520 characters with dots since 2026: https://github.blog/changelog/
  ['github-token', 'GitHub token', 'gh[oprsu]_[A-Za-z0-9._]{36,}', 'github_pat_[A-Za-z0-9_]{40,}'],
  [
    'gitlab-token',
    'GitLab token',
    'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt|oas)-[A-Za-z0-9_.-]{20,}',
    'GR1348941[A-Za-z0-9_-]{20}',
    '_gitlab_session=[0-9a-f]{32}',
  ],
  [
    'bitbucket-token',
    'Bitbucket token',
    'BBDC-[A-Za-z0-9+/]{40,}',
    'ATBB[A-Za-z0-9]{32}',
    'ATCTT3[A-Za-z0-9_=-]{60,}',
  ],
  [
    'atlassian-token',
    'Atlassian token',
    'ATATT3[A-Za-z0-9_=-]{60,}',
    'ATOA[A-Za-z0-9_=-]{60,}',
    '(?:[MNO][DTjz][A-Za-z0-9]{2}){4}O[g-v][A-Za-z0-9+/]{26}(?![A-Za-z0-9+/=])',
  ],
  ['npm-token', 'npm token', 'npm_[A-Za-z0-9]{36}'],
  ['pypi-token', 'PyPI token', 'pypi-AgE[A-Za-z0-9_-]{50,}'],
  ['rubygems-key', 'RubyGems API key', 'rubygems_[0-9a-f]{48}'],
  ['nuget-key', 'NuGet API key', `oy2[a-z0-9]{43}${ends}`],
  ['clojars-token', 'Clojars token', '(?:CLOJARS|clojars)_[a-z0-9]{60}'],
  [
    'docker-token',
    'Docker token',
    'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}',
    'SWM(?:TKN|KEY)-1-[A-Za-z0-9+/-]{40,}',
  ],
  ['artifactory-key', 'Artifactory key', 'AKCp[A-Za-z0-9]{69}', 'cmVmdGtuOjAxOj[A-Za-z0-9]{50,}'],
  ['sonarqube-token', 'SonarQube token', 'sq[apu]_[0-9a-f]{40}'],
  ['anthropic-key', 'Anthropic API key', 'sk-ant-[A-Za-z0-9_-]{24,}'],
  [
    'openai-key',
    'OpenAI API key',
    'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{24,}',
    'sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
  ],
  [
    'model-provider-key',
    'API key of a model provider',
    'sk-or-v1-[0-9a-f]{40,}',
    `sk-[0-9a-f]{32}${ends}`,
    'gsk_[A-Za-z0-9]{52}',
    'xai-[A-Za-z0-9]{70,}',
    'pplx-[A-Za-z0-9]{48}',
    'r8_[A-Za-z0-9]{37}',
    'tgp_v1_[A-Za-z0-9_-]{43}',
    'tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}',
    `LLM\\|\\d{14,18}\\|[A-Za-z0-9_-]{27}`,
    'LA-[0-9a-f]{60,}',
    `hf_[A-Za-z]{34}${ends}`,
  ],
  [
    'google-key',
    'Google API key',
    'AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])',
    'GOCSPX-[A-Za-z0-9_-]{28}',
    'ya29\\.[A-Za-z0-9_-]{20,}',
    '1//0[A-Za-z0-9_-]{60,}',
  ],
  // Behind the prefix stands base32, which has no 0, 1, 8 and 9.
  ['aws-access-key', 'AWS access key', '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9_])'],
  [
    'aws-key',
    'AWS key',
    'ABSK[A-Za-z0-9+/]{100,}',
    'bedrock-api-key-[A-Za-z0-9+/=]{30,}',
    'amzn\\.mws\\.[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}',
    `da2-[a-z0-9]{26}${ends}`,
  ],
  [
    'azure-secret',
    'Azure secret',
    '(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{42,88}={1,2}',
    `[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])`,
  ],
  ['alibaba-key', 'Alibaba Cloud key', `LTAI[A-Za-z0-9]{12,20}${ends}`],
  ['tencent-key', 'Tencent Cloud key', `AKID[A-Za-z0-9]{32}${ends}`],
  ['digitalocean-token', 'DigitalOcean token', 'do[opr]_v1_[0-9a-f]{64}'],
  ['heroku-key', 'Heroku key', 'HRKU-[A-Za-z0-9_-]{36,}'],
  ['netlify-token', 'Netlify token', 'nfp_[A-Za-z0-9]{36}'],
  ['vercel-token', 'Vercel token', 'vc[aikpr]_[A-Za-z0-9]{24,}'],
  [
    'cloudflare-token',
    'Cloudflare token',
    'cf(?:at|ut|k)_[A-Za-z0-9]{48}',
    'v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}',
  ],
  ['flyio-token', 'Fly.io token', 'fo1_[A-Za-z0-9_-]{43}', 'fm[12][ar]?_[A-Za-z0-9+/]{100,}'],
  ['supabase-key', 'Supabase key', 'sbp_[0-9a-f]{40}', 'sb_secret_[A-Za-z0-9_-]{31}'],
  ['planetscale-token', 'PlanetScale token', 'pscale_(?:pw|tkn|oauth)_[A-Za-z0-9_.-]{32,}'],
  ['databricks-token', 'Databricks token', 'dapi[0-9a-f]{32}'],
  [
    'hashicorp-token',
    'HashiCorp token',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,}',
    'hv[sbr]\\.[A-Za-z0-9_.-]{24,}',
  ],
  ['doppler-token', 'Doppler token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{40,}'],
  ['1password-token', '1Password token', 'ops_eyJ[A-Za-z0-9+/_-]{200,}'],
  // Bech32 leaves out 1, B, I and O.
  ['age-key', 'age secret key', `AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}${ends}`],
  ['nkey-seed', 'NATS seed', `S[ACNOUX][A-Z2-7]{56}${ends}`],
  ['tailscale-key', 'Tailscale key', 'tskey-[a-z]+-[A-Za-z0-9-]{20,}'],
  ['defined-key', 'Defined Networking key', 'dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}'],
  [
    'akamai-key',
    'Akamai credential',
    'ak(?:ab|ac)-[a-z0-9]{16}-[a-z0-9]{16}(?![a-z0-9.-]*\\.akamaiapis\\.net)',
  ],
  ['slack-token', 'Slack token', 'xox[abeoprs]-[A-Za-z0-9-]{10,}', 'xapp-\\d-[A-Za-z0-9-]{10,}'],
  [
    'slack-webhook',
    'Slack webhook',
    'https://hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_+-]{20,}',
  ],
  [
    'discord-token',
    'Discord token or webhook',
    'https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,}',
    '[MNO][A-Za-z0-9_-]{23,25}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}',
  ],
  ['telegram-token', 'Telegram bot token', `\\d{8,10}:AA[A-Za-z0-9_-]{33}${ends}`],
  [
    'facebook-token',
    'Meta access token',
    `EAA[A-Za-z0-9]{60,}`,
    `IGQ[A-Za-z0-9_-]{60,}`,
    '\\d{15,16}\\|[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])',
  ],
  ['twitter-token', 'X bearer token', 'A{20,22}[A-Za-z0-9%+/=]{60,}'],
  ['stripe-key', 'Stripe key', `[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16,}`, 'whsec_[A-Za-z0-9+/=]{32,}'],
  [
    'square-token',
    'Square token',
    'sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}',
    `EAAA[A-Za-z0-9_+=-]{60}(?![A-Za-z0-9_+=-])`,
  ],
  [
    'paypal-token',
    'PayPal Braintree token',
    'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}',
  ],
  ['shopify-token', 'Shopify token', `shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{32}`],
  ['twilio-key', 'Twilio key', `SK[0-9a-f]{32}${ends}`],
  ['sendgrid-key', 'SendGrid API key', 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}'],
  [
    'mail-key',
    'API key of a mail service',
    'key-[0-9a-z]{32}(?![0-9a-z])',
    '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-f-])',
    '[0-9a-f]{32}-us\\d{1,2}(?!\\d)',
    'xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}',
  ],
  [
    'newrelic-key',
    'New Relic key',
    'NR(?:AK|RA)-[A-Z0-9]{27,}',
    'NRII-[A-Za-z0-9_-]{24,}',
    'NR(?:BR|JS)-[0-9a-f]{19}',
    '[0-9a-zA-Z]{36}NRAL',
  ],
  [
    'grafana-token',
    'Grafana token',
    'glc_eyJ[A-Za-z0-9+/=]{32,}',
    'glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}',
    'eyJrIjoi[A-Za-z0-9+/=]{60,}',
  ],
  ['dynatrace-token', 'Dynatrace token', 'dt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}'],
  ['sentry-token', 'Sentry token', 'sntrys_eyJ[A-Za-z0-9+/=_]{60,}', 'sntryu_[0-9a-f]{64}'],
  ['posthog-key', 'PostHog key', 'ph[axs]_[A-Za-z0-9_-]{32,}'],
  [
    'dropbox-token',
    'Dropbox token',
    'sl\\.[A-Za-z0-9_-]{100,}',
    `[A-Za-z0-9_-]{11}A{10}[A-Za-z0-9_-]{43}${ends}`,
  ],
  ['linear-key', 'Linear API key', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,}'],
  ['notion-token', 'Notion token', `ntn_[A-Za-z0-9]{40,}`, `secret_[A-Za-z0-9]{43}${ends}`],
  ['figma-token', 'Figma token', 'fig[dour]_[A-Za-z0-9_-]{40,}'],
  ['postman-key', 'Postman key', 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}', 'PMAT-[0-9A-Z]{26}'],
  [
    'salesforce-token',
    'Salesforce credential',
    '00D[A-Za-z0-9]{12,15}![A-Za-z0-9._+/=-]{60,}',
    '3MVG[A-Za-z0-9._]{70,}',
  ],
  ['airtable-token', 'Airtable token', 'pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}'],
  ['mapbox-token', 'Mapbox secret token', 'sk\\.eyJ[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{20,}'],
  ['wundergraph-key', 'WunderGraph key', 'cosmo_[0-9a-f]{32}'],
  ['adobe-secret', 'Adobe client secret', 'p8e-[A-Za-z0-9_-]{32}'],
  ['ntlm-message', 'NTLM message with credentials', 'TlRMTVNTUAADAAAA[A-Za-z0-9+/=]{40,}'],
  ['putty-key', 'PuTTY private key', 'PuTTY-User-Key-File-\\d: \\S+'],
  ['json-web-token', 'JSON Web Token', 'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{16,}'],
];

export const tokenShapes: readonly TokenShape[] = issued.map(([rule, words, ...shapes]) => ({
  rule,
  words,
  pattern: new RegExp(`${begins}(?:${shapes.join('|')})`),
}));

/** `PRIVATE KEY-` in base64, wherever its first letter falls; it stands in the middle of a longer text. */
export const encodedKey: TokenShape = {
  rule: 'encoded-key',
  words: 'private key in base64',
  pattern: /UFJJVkFURSBLRVkt|BSSVZBVEUgS0VZL|QUklWQVRFIEtFWS0/,
};
