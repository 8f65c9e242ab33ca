// schemathesis, and what it reports.
import { spawn } from "node:child_process";

export interface Report {
  operations: { total: number; tested: number };
  phases: Record<string, { status: string }>;
  test_cases: { generated: number };
}

/** What it says of failures; what it did until then fills pages. */
export function failures(told: string): string {
  return told.slice(Math.max(told.search(/^=+ (FAILURES|ERRORS) =+$/m), 0));
}

/** Runs a program to its end; answers with its status and everything it printed. */
export async function run(program: string, args: string[], cwd: string, more: Record<string, string>) {
  const child = spawn(program, args, { cwd, env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", ...more } });
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (told += part.toString()));
  const status = await new Promise<number | null>((done, failed) => child.on("error", failed).on("close", done));
  return { status, told };
}
