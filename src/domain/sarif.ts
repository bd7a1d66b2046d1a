import type { PublishableText } from './ids.ts';

/**
 * The part of a SARIF 2.1.0 log that code scanning shows. Every text in it passed the output filter.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [SarifRun];
}

export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly rules: readonly SarifRule[];
    };
  };
  /** Names the category: of one commit and category a later upload replaces an earlier one. */
  readonly automationDetails: { readonly id: string };
  readonly results: readonly SarifResult[];
}

export interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: PublishableText };
  readonly help: { readonly text: PublishableText };
  readonly properties: { readonly tags: readonly string[] };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: 'error' | 'warning';
  readonly message: { readonly text: PublishableText };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number };
      };
    },
  ];
  /** What makes it the same finding in another commit: the line's text and not its number. */
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
