// Every page there is, as the router has it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./console";

export const ROUTES = [...readFileSync(join(ROOT, "app/src/routes.rs"), "utf8").matchAll(/path!\("(\/[^"]*)"\)/g)].map(([, route]) => route!);

const SHAPES = ROUTES.map((route) => ({ route, shape: new RegExp(`^${route.replace(/:\w+/g, "[^/]+")}$`) }));

/** The route of a path. A word of its own (`new`) is no value of what stands beside it (`:key`). */
export function routeOf(path: string): string | undefined {
  const fitting = SHAPES.filter(({ shape }) => shape.test(path));
  return fitting.sort((a, b) => a.route.split(":").length - b.route.split(":").length)[0]?.route;
}
