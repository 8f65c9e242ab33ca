// English: complete. What stays Korean is what a gateway calls its own things, as one has to find it in its pages and papers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { addChannel, post, somebody } from "../support/account";
import { APPLICATION, enterAll, operate, submitKsnet } from "../support/application";
import { PEOPLE, ROOT } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issuing, KEYS, postForSecret, V2 } from "../support/keys";
import { CHANNELS, Merchant } from "../support/merchant";
import { ROUTES, routeOf } from "../support/routes";
import { addStore, invite } from "../support/team";

test.use({ refusals: [/./] });
test.setTimeout(120_000);

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", name: "test channel", purpose: "payment", tax: "none" };
const LIVE = {
  mode: "live", provider: "smartro", module: "smartro_v2", name: "live channel", purpose: "payment", mid: "smt000001m", tax: "taxable",
  "uses.recurring": "on", "fields.ssp_mall_id": "smt000001p", "fields.merchant_key": "merchant key 0123456789", "fields.cancel_password": "111111",
};

test("no page has a Korean word left in English, but for what gateways call their own things", async ({ page, context, hydrated, account: _ }) => {
  test.skip(hydrated, "the words are the same in both, and plain pages load faster");
  const { request } = context;
  await context.addCookies([{ name: "lang", value: "en", url: PEOPLE }]);
  const shared = await addChannel(request, KSNET);
  const live = await addChannel(request, LIVE);
  const tested = await addChannel(request, { ...LIVE, mode: "test", name: "tested" });
  await addStore(request, "Gangnam", "GN1");
  await invite(request, somebody().email, "dev");
  const secret = (await postForSecret(request, `${V2}/new`, issuing("server")))!;
  const kid = secret.slice(5, 17);
  await enterAll(request, true);
  const id = await submitKsnet(request);
  operate("move", id, "in_review");
  operate("move", id, "contracted");
  operate("review", id, "366", "approved");
  const contracted = await addChannel(request, { mode: "live", provider: "ksnet", module: "ksnet", name: "contracted", mid: "2001102849", purpose: "payment", tax: "none", "fields.api_key": "the key" });
  const found: string[] = [];
  const walked = [
    "/", "/search", "/search?q=secret", "/team", "/stores", "/audit", "/account", "/nothing-here", "/terms", "/privacy", "/styleguide",
    CHANNELS, `${CHANNELS}?mode=live`, `${CHANNELS}?q=none`, `${CHANNELS}/new`, `${CHANNELS}/new?mode=live&provider=inicis`,
    `${CHANNELS}/new?mode=test&provider=ksnet&module=ksnet`, `${CHANNELS}/new?mode=live&provider=smartro&module=smartro_v2`,
    ...[shared, live, contracted].map((key) => `${CHANNELS}/${key}`), `${CHANNELS}/${live}/edit`, `${CHANNELS}/${live}/versions`,
    `${CHANNELS}/${tested}/twin`, `${CHANNELS}/${tested}/promote`, `${CHANNELS}/${live}/versions/1`, `${CHANNELS}/${shared}/check`,
    KEYS, `${KEYS}/secret`, `${KEYS}/reissue`, V2, `${V2}/new`, `${V2}/${kid}/roll`, `${V2}/${kid}/revoke`,
    APPLICATION, `${APPLICATION}?consents=1`, ...["business", "service", "settlement", "registration"].map((step) => `/application/business?step=${step}`),
    "/application/summary", "/application/pgs/new", "/application/pgs/new?provider=inicis", "/application/pgs/new?module=kakaopay", `/application/pgs/${id}`,
    "/login", "/signup", "/signup?sent=1", "/forgot-password", "/verify-email/resend", "/verify-email?token=none", "/reset-password?token=none",
    "/invitations?token=none", "/account/email?token=none",
  ];
  for (const path of walked) {
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    for (const text of await korean(page)) found.push(`${path}: ${text}`);
  }
  expect(found).toEqual([]);
  const seen = new Set(walked.map((path) => routeOf(path.split("?")[0]!)));
  expect(ROUTES.filter((route) => !seen.has(route))).toEqual([]);
});

const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/;

/** What PGs call their own things: labels, methods, titles of guides, menus in brackets. Names of PGs and general words have English ones. */
const OWN = ownWords();

function ownWords(): string[] {
  const folder = join(ROOT, "app/domain/catalogue");
  const words = new Set<string>();
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      if (/^(name|pay_styles|style|aliases)\b/.test(line)) continue;
      for (const [, text] of line.matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
        const own = text!.replace(/^PG상점아이디/, "").replaceAll('\\"', '"').trim();
        if (HANGUL.test(own)) words.add(own);
      }
    }
  }
  return [...words].sort((a, b) => b.length - a.length);
}

/** Korean text, and Korean names of things, outside of what is marked with its language and of values that were stored. */
async function korean(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: [string, string][] = [["title", document.title]];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement!;
      if (element.closest("[lang=ko], script, .trail-changes")) continue;
      if (!(node instanceof Element)) found.push([`${element.tagName.toLowerCase()}.${element.className}`, node.textContent!]);
      else for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push([name, node.getAttribute(name) ?? ""]);
    }
    return found;
  });
  const left = (text: string) => OWN.reduce((rest, own) => (HANGUL.test(rest) ? rest.replaceAll(own, "") : rest), text);
  return texts.filter(([, text]) => HANGUL.test(text) && HANGUL.test(left(text))).map(([where, text]) => `${where}: ${text.trim()}`);
}

test("the language that a member chooses is there at the next login elsewhere, and in the mails", async ({ browser, merchant, page, account }) => {
  await merchant.goto("/account");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My account" })).toBeVisible();
  const elsewhere = await browser.newContext({ javaScriptEnabled: merchant.hydrated });
  const there = new Merchant(await elsewhere.newPage(), merchant.hydrated);
  await there.goto("/login");
  await there.submitLogIn(account.email, account.password);
  await expect(there.page.getByRole("heading", { level: 1, name: "Channels" })).toBeVisible();
  await expect(there.page.locator("html")).toHaveAttribute("lang", "en");
  await elsewhere.close();
});
