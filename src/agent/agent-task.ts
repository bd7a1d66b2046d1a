/** A text file of the repository that tells agents how to work in it, from the base commit. */
export interface InstructionFile {
  readonly path: string;
  readonly text: string;
}

/** A review, comment by comment. */
export interface ReviewTask {
  readonly reviewer: string;
  readonly comments: readonly {
    readonly name: string;
    readonly place: string;
    readonly hunk: string;
    readonly text: string;
    /** In our words: what became of its suggestion; empty where it has none. */
    readonly suggestion: string;
  }[];
}

/** What the model is told about its work. All of it but the round's feedback header is text of others: data. */
export interface AgentTask {
  readonly title: string;
  readonly body: string;
  /** Text of `/agent fix <text>`; null for a label. */
  readonly instruction: string | null;
  /** What people who may write said before, oldest first. */
  readonly remarks: readonly { readonly heading: string; readonly text: string }[];
  /** The review that is to be answered; absent for tasks without one. */
  readonly review?: ReviewTask;
  /** Login of the one who wrote title and body. */
  readonly author: string;
  readonly repository: {
    readonly name: string;
    readonly baseBranch: string;
    readonly languages: readonly string[];
    /** Set-up, build, lint and test commands that were detected, one a line. */
    readonly commands: readonly string[];
  };
  /** Where the work is to bring the base branch into a pull request's; absent: it is not. */
  readonly merge?: {
    /** Files that hold both sides between marks. */
    readonly conflicts: readonly string[];
    /** Subjects of the commits on each side since both parted, newest first. */
    readonly ours: readonly string[];
    readonly theirs: readonly string[];
  };
  readonly instructionFiles: readonly InstructionFile[];
  /** How the tests ended on the base commit, in words, failing tests with their messages. Empty when none ran. */
  readonly baseline: string;
  /** What the gates said about the previous round; null in the first. */
  readonly feedback: string | null;
  /** Where the task is to look at a change: it with line numbers, and what gates found in it. */
  readonly change?: { readonly diff: string; readonly gates: string };
}
