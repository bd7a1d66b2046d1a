/** How the bot's pull requests look in one repository. */
export interface PullStyle {
  readonly title: 'plain' | 'conventional';
  readonly labels: readonly string[];
  readonly assign: 'requester' | 'none';
  readonly reviewers: 'code-owners' | 'none';
  readonly template: boolean;
  /** Whether the base is merged into open ones. `needed`: in conflict, or behind where the base demands all of it. */
  readonly update: 'needed' | 'never';
}

export const defaultPullStyle: PullStyle = {
  title: 'plain',
  labels: [],
  assign: 'requester',
  reviewers: 'code-owners',
  template: true,
  update: 'needed',
};
