import type { Route } from '../http/route.ts';
import { accountRoutes } from './account-routes.ts';
import { appRoutes } from './app-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { codeScanningRoutes } from './code-scanning-routes.ts';
import { commentRoutes } from './comment-routes.ts';
import { commitRoutes } from './commit-routes.ts';
import { contentRoutes } from './content-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { gitDataRoutes } from './git-data-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { manifestRoutes } from './manifest-routes.ts';
import { mergeRoutes } from './merge-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { reactionRoutes } from './reaction-routes.ts';
import { refRoutes } from './ref-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { reviewRoutes } from './review-routes.ts';
import { statusRoutes } from './status-routes.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** Every REST route; more exact paths stand before patterns that would also match. */
export const allRoutes: readonly Route[] = [
  ...appRoutes,
  ...deliveryRoutes,
  ...manifestRoutes,
  ...accountRoutes,
  ...repositoryRoutes,
  ...refRoutes,
  ...gitDataRoutes,
  ...contentRoutes,
  ...statusRoutes,
  ...checkRoutes,
  ...codeScanningRoutes,
  ...workflowRoutes,
  ...commitRoutes,
  ...commentRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...reviewRoutes,
  ...mergeRoutes,
  ...pullRoutes,
];
