import { rmSync } from "node:fs";
import { DATA_DIR } from "./console";

/** The data directory of the run goes; `E2E_KEEP=1` leaves it for a look. */
export default function tidy() {
  if (!process.env.E2E_KEEP) rmSync(DATA_DIR, { recursive: true, force: true });
}
