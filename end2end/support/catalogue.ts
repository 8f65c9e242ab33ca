// The catalogue's files, as far as specs ask for them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { ROOT } from "./console";

export interface Field {
  key: string;
  label: string;
  secret: boolean;
  required: "always" | "live" | "conditional" | "optional";
  condition?: { any_of: string[] };
  purposes?: string[];
  exact_length?: number;
  max_length?: number;
  multiline?: boolean;
}

export interface Module {
  id: string;
  label: string;
  status: string;
  pg_provider: string;
  pg_code?: string;
  purposes: ("payment" | "identity")[];
  modes: ("test" | "live")[];
  uses?: string[];
  test_mid?: { mid: string; purpose?: string; retired?: object }[];
  field?: Field[];
}

export interface Provider {
  id: string;
  name: string;
  module: Module[];
}

const FOLDER = join(ROOT, "app/domain/catalogue");

export const PROVIDERS = readdirSync(FOLDER).map(
  (file) => parse(readFileSync(join(FOLDER, file), "utf8")) as unknown as Provider,
);

/** Every module that can be added, with the provider it belongs to. */
export const ADDABLE = PROVIDERS.flatMap((provider) =>
  provider.module.filter((module) => module.status !== "discontinued").map((module) => ({ provider, module })),
);
