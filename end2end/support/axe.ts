// A page held against WCAG 2.2 AA by axe, in both themes, wide and narrow; and whether everything is within the window.
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

interface Found {
  id: string;
  impact: string | null;
  nodes: { target: string[]; html: string; failureSummary?: string }[];
}

declare const axe: { run(context: Document, options: object): Promise<{ violations: Found[] }> };

const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
/** What a theme can change: it holds colours and nothing else. */
const OF_COLOUR = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const THEMES = ["light", "dark"] as const;
/** 640 is 1280 at a zoom of 200 %: nothing is cut off there either, and axe would find what it finds at 360. */
const WIDTHS = [1280, 640, 360];
const DESK = { width: 1280, height: 800 };

/** What is wrong with the page as it stands. It is left wide and light. */
export async function faults(page: Page, widths = WIDTHS): Promise<string[]> {
  const found = new Set<string>();
  // Found here and not above: where it is not installed, this test alone says so.
  const script = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate((await readOnce(script)) + ";0");
  for (const width of widths) {
    await page.setViewportSize({ ...DESK, width });
    for (const line of await outside(page)) found.add(`${width} px: ${line}`);
    if (width === 640) continue;
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const line of await violations(page, colorScheme === "light" ? ALL : OF_COLOUR)) found.add(`${width} px, ${colorScheme}: ${line}`);
    }
  }
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  return [...found];
}

let read: Promise<string> | undefined;

function readOnce(path: string): Promise<string> {
  read ??= import("node:fs/promises").then(({ readFile }) => readFile(path, "utf8"));
  return read;
}

async function violations(page: Page, runOnly: typeof ALL): Promise<string[]> {
  const found = await page.evaluate(async (runOnly) => {
    // Colours that are on their way are nobody's: the next frame has those that stay.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.all(document.getAnimations().map((one) => one.finished));
    return (await axe.run(document, { runOnly, resultTypes: ["violations"] })).violations;
  }, runOnly);
  const bad = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  return bad.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" ")} ${html.slice(0, 120)} ${failureSummary?.split("\n")[1]?.trim() ?? ""}`),
  );
}

/** What stands out of the window to the right, and no one can scroll to it within a box of its own. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const boxed = (element: Element | null): boolean =>
      !!element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || boxed(element.parentElement));
    const out = [...document.body.querySelectorAll("*")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.right > edge + 1 && !boxed(element.parentElement) && getComputedStyle(element).position !== "fixed";
    });
    return out.slice(0, 3).map((element) => `out of the window: ${element.outerHTML.slice(0, 120)}`);
  });
}
