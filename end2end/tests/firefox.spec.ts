// The same pages in Firefox, alive, without one violation of their content security policy.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { newMerchant } from "../support/account";
import { PEOPLE } from "../support/console";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";
import { V2 } from "../support/keys";

const FIREFOX = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"].find((path) => path && existsSync(path));

/** Where violations are noted: it outlives the page that they happened on. */
const NOTED = "csp-violations";

let browser: Browser;
let profile: string;

test.beforeAll(async () => {
  if (!FIREFOX) throw new Error("Firefox is needed: install it (as root: apt-get install firefox-esr), or name it in FIREFOX");
  profile = mkdtempSync(join(tmpdir(), "channel-console-firefox-"));
  browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true, userDataDir: profile });
});

test.afterAll(async () => {
  await browser?.close();
  if (profile) rmSync(profile, { recursive: true, force: true });
});

async function newPage(): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.createBrowserContext()).newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.evaluateOnNewDocument((noted) => {
    addEventListener("securitypolicyviolation", (violation) => {
      const all = JSON.parse(sessionStorage.getItem(noted) ?? "[]") as string[];
      sessionStorage.setItem(noted, JSON.stringify([...all, `${violation.violatedDirective}: ${violation.blockedURI}`]));
    });
  }, NOTED);
  return { page, errors };
}

async function violations(page: Page): Promise<string[]> {
  return JSON.parse((await page.evaluate((noted) => sessionStorage.getItem(noted), NOTED)) ?? "[]");
}

const alive = (page: Page) => page.waitForSelector("html[data-hydrated=true]", { timeout: 20_000 });

async function goto(page: Page, path: string) {
  await page.goto(PEOPLE + path);
  await alive(page);
}

async function press(page: Page, button: string) {
  const found = await page.waitForSelector(`::-p-xpath(//button[normalize-space()="${button}"])`);
  await found!.click();
}

const says = (page: Page, text: string) => page.waitForSelector(`::-p-text(${text})`);

/** Typed into an empty or a filled field. */
async function fill(page: Page, name: string, value: string) {
  const field = await page.waitForSelector(`input:not([type="hidden"])[name="${name}"]`);
  await field!.evaluate((input) => (input as HTMLInputElement).select());
  await field!.type(value);
}

test("a merchant logs in, adds, edits and issues in Firefox, with live pages and no violation", async ({ context }) => {
  const account = await newMerchant(context.request);
  const { page, errors } = await newPage();
  await goto(page, "/login");
  await fill(page, "form[email]", account.email);
  await fill(page, "form[password]", account.password);
  await press(page, "로그인");
  await says(page, "등록된 채널이 없습니다");

  await goto(page, `${CHANNELS}/new`);
  await page.click('label:has(input[value="ksnet"])');
  // The modules come without a load where the page is alive.
  await page.waitForSelector('input[name="module"]');
  await goto(page, `${CHANNELS}/new?mode=test&provider=ksnet&module=ksnet`);
  await fill(page, "form[name]", "파이어폭스");
  await page.waitForFunction(() => document.querySelector(".preview")?.textContent?.includes("파이어폭스"));
  await page.click('label:has(input[value="2999199999"])');
  await press(page, "저장");
  await says(page, "채널을 추가했습니다");
  const key = /channel-key-[0-9a-f-]{36}/.exec(page.url())![0];

  await goto(page, `${CHANNELS}/${key}/edit`);
  await fill(page, "form[name]", "불여우");
  await press(page, "저장");
  await page.waitForFunction((path) => location.pathname === path, {}, `${CHANNELS}/${key}`);
  await goto(page, CHANNELS);
  await says(page, "불여우");

  await goto(page, `${V2}/new`);
  await fill(page, "name", "서버");
  await press(page, "생성");
  await page.waitForSelector("#secret");
  expect(await page.$eval("#secret", (shown) => shown.textContent)).toMatch(/^chv2_/);
  // The one script of that page ran: it is what shows the button.
  await page.waitForSelector("button[data-copies]:not([hidden])");

  expect(await violations(page), "violations of the policy").toEqual([]);
  expect(errors, "errors of the pages").toEqual([]);
});

test("what the policy forbids is noticed, and does not run", async () => {
  const { page } = await newPage();
  await goto(page, "/login");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.foreign = true";
    document.head.append(script);
  });
  await page.waitForFunction((noted) => sessionStorage.getItem(noted) !== null, {}, NOTED);
  expect((await violations(page)).join()).toMatch(/script-src/);
  expect(await page.evaluate(() => "foreign" in window)).toBe(false);
});
