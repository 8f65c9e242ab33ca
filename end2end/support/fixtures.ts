// What every spec begins with: a client of its own, a browser whose complaints fail the test, a merchant, the core.
import { test as base, expect, type Page } from "@playwright/test";
import { clientAddress, newMerchant, type Account } from "./account";
import { Core } from "./core";
import { Merchant } from "./merchant";

interface Fixtures {
  /** Whether JavaScript and WASM run. */
  hydrated: boolean;
  /** Paths whose refusal (4xx) is what the test wants to see; server functions may always refuse. */
  refusals: RegExp[];
  client: string;
  /** The person in front of the page, logged in only where a test also asks for `account`. */
  merchant: Merchant;
  /** The account of this test alone, logged in, with no channel yet. */
  account: Account;
  /** Another merchant, logged in, in a browser of their own. */
  stranger: Merchant;
}

export const test = base.extend<Fixtures, { core: Core }>({
  core: [async ({}, use) => use(Core.create()), { scope: "worker" }],
  hydrated: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),
  refusals: [[], { option: true }],
  client: async ({}, use) => use(clientAddress()),
  extraHTTPHeaders: async ({ client }, use) => use({ "X-Forwarded-For": client }),
  page: async ({ page, hydrated, refusals }, use) => {
    const complaints = await listen(page, hydrated, refusals);
    await use(page);
    expect(complaints, "the browser's console stays silent").toEqual([]);
  },
  merchant: async ({ page, hydrated }, use) => use(new Merchant(page, hydrated)),
  account: async ({ context }, use) => use(await newMerchant(context.request)),
  stranger: async ({ browser, hydrated, refusals }, use) => {
    const extraHTTPHeaders = { "X-Forwarded-For": clientAddress() };
    const context = await browser.newContext({ javaScriptEnabled: hydrated, extraHTTPHeaders });
    await newMerchant(context.request);
    const page = await context.newPage();
    const complaints = await listen(page, hydrated, refusals);
    await use(new Merchant(page, hydrated));
    expect(complaints, "the browser's console stays silent").toEqual([]);
    await context.close();
  },
});

export { expect };

/** Errors and warnings of the console: failed files, violations of the content security policy, hydration that does not fit. */
export async function listen(page: Page, hydrated: boolean, refusals: RegExp[]): Promise<string[]> {
  const complaints: string[] = [];
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      console.error(`securitypolicyviolation: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    );
  });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // The page asks for its WASM early, and without JavaScript nobody wants it.
    if (!hydrated && /preloaded using link preload but not used/.test(message.text())) return;
    const { pathname } = new URL(message.location().url || "about:blank");
    const refused = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (refused && [/^\/api\//, ...refusals].some((path) => path.test(pathname))) return;
    complaints.push(`${message.type()} at ${pathname}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  return complaints;
}
