import { addressCommentTool } from './address-comment.ts';
import { askHumanTool } from './ask-human.ts';
import { deleteFileTool } from './delete-file.ts';
import { editFileTool } from './edit-file.ts';
import { finishTool } from './finish.ts';
import { listFilesTool } from './list-files.ts';
import { readFileTool } from './read-file.ts';
import { recordDecisionTool } from './record-decision.ts';
import { reportFindingTool } from './report-finding.ts';
import { runTool } from './run-command.ts';
import { searchTool } from './search.ts';
import type { Tool } from './tool.ts';
import { updatePlanTool } from './update-plan.ts';
import { writeFileTool } from './write-file.ts';

/** Of work: every tool, in the order the model sees them: always all, so that the cached prefix stays the same. */
export const workTools: readonly Tool[] = [
  readFileTool,
  listFilesTool,
  searchTool,
  editFileTool,
  writeFileTool,
  deleteFileTool,
  runTool,
  recordDecisionTool,
  askHumanTool,
  addressCommentTool,
  updatePlanTool,
  finishTool,
];

/** Of a review: what reads, what proposes, and the end. Nothing here changes a file or runs what the repository says. */
export const reviewTools: readonly Tool[] = [
  readFileTool,
  listFilesTool,
  searchTool,
  reportFindingTool,
  finishTool,
];
