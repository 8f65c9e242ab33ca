// Markup and scripts typed into every field that takes text stay text.
import type { Page } from "@playwright/test";
import { addChannel, channelForm } from "../support/account";
import { PEOPLE } from "../support/console";
import { expect, listen, test } from "../support/fixtures";
import { V2 } from "../support/keys";
import { CHANNELS } from "../support/merchant";

const EVIL = `"'><script>window.pwned=1</script><img src=x onerror=window.pwned=1></script>`;
/** Where no more than 50 characters go. */
const SHORT = `"><img src=x onerror=window.pwned=1>`;

test.use({ refusals: [/./] });

async function expectInert(page: Page, where: string) {
  const ran = await page.evaluate(() => ({
    pwned: "pwned" in window,
    scripts: [...document.scripts].filter((script) => script.textContent.startsWith("window.pwned")).length,
    images: document.querySelectorAll('img[src="x"], [onerror]').length,
  }));
  expect(ran, where).toEqual({ pwned: false, scripts: 0, images: 0 });
}

test("a script in any field is nothing but text, wherever it is shown", async ({ merchant, page, context, account }) => {
  const channel = { mode: "live", provider: "ksnet", module: "ksnet", name: "채널", mid: "KS0001", "fields.api_key": EVIL };
  const key = await addChannel(context.request, channel);
  const about = { key, seen_version: "1" };
  const fields = { mid: EVIL, tax: EVIL, purpose: EVIL, "fields.api_key": EVIL, [`fields.${EVIL}`]: EVIL, [`uses.${EVIL}`]: EVIL };
  const { mode, provider, module } = channel;
  const forms: [string, Record<string, string>][] = [
    ["/api/accounts/sign-up", { "form[email]": EVIL, "form[password]": EVIL, "form[password_again]": EVIL, "form[terms]": EVIL }],
    ["/api/accounts/resend", { email: EVIL }],
    ["/api/accounts/verify", { token: EVIL }],
    ["/api/account/forgot-password", { email: EVIL }],
    ["/api/account/email", { "form[email]": EVIL, "form[current]": EVIL }],
    ["/api/channels/add", channelForm({ mode, provider, module, name: EVIL, ...fields })],
    ["/api/channels/edit", channelForm({ ...about, name: EVIL, ...fields })],
    ["/api/channels/move", { key, to: "pause", reason: EVIL }],
    ["/api/stores/add", { "form[name]": EVIL, "form[tier_code]": EVIL }],
    ["/api/stores/add", { "form[name]": SHORT, "form[tier_code]": "YSN" }],
    ["/api/team/invite", { "form[email]": EVIL, "form[role]": EVIL, "form[memo]": EVIL, "form[store]": EVIL }],
    ["/api/team/invite", { "form[email]": `a-${account.email}`, "form[role]": "viewer", "form[memo]": EVIL, "form[store]": "" }],
    ["/api/preferences/set", { name: EVIL, value: EVIL }],
    [`${V2}/new`, { name: EVIL, expiry: EVIL, channels_read: EVIL, request_key: EVIL, store: EVIL }],
  ];
  for (const [path, form] of forms) {
    const headers = { accept: "text/html", origin: PEOPLE, referer: `${PEOPLE}${CHANNELS}` };
    const answer = await context.request.post(PEOPLE + path, { form, headers, maxRedirects: 0 });
    expect(answer.status(), path).toBeLessThan(400);
    const { pathname, search } = new URL(answer.headers()["location"] ?? "/", PEOPLE);
    await page.goto(pathname + search);
    await expectInert(page, `after ${path}, at ${pathname}`);
  }
  const word = encodeURIComponent(EVIL);
  const pages = [
    `${CHANNELS}?mode=live&q=${word}`, `${CHANNELS}/new?mode=${word}&provider=${word}&module=${word}`, `${CHANNELS}/${key}?done=${word}`,
    `${CHANNELS}/new?mode=live&provider=ksnet&module=ksnet&draft=1&mid=${word}&name=${word}`, `${CHANNELS}/${word}`, `${V2}?done=${word}`,
    `${CHANNELS}/${key}/edit?draft=1`, `${CHANNELS}/${key}/versions`, `/team?q=${word}&done=${word}&draft=1`, `/stores?draft=1&done=${word}`,
    `/audit?who=${word}&target=${word}&kind=${word}`, "/audit", `/login?next=${word}&done=${word}&__err=${word}&__path=${word}`,
    `/signup?__path=/api/accounts/sign-up&__err=${word}`, `/verify-email?token=${word}`, `/reset-password?token=${word}`, `/invitations?token=${word}`,
    `/${word}`, "/",
  ];
  for (const path of pages) {
    await page.goto(path);
    await expectInert(page, path);
  }
  // What is allowed to hold it does hold it, as text.
  await page.goto("/audit");
  await expect(page.getByRole("main")).toContainText(EVIL);
  await page.goto("/stores");
  await expect(page.getByRole("main")).toContainText(SHORT);
  await merchant.goto("/team");
  await expect(page.getByRole("main")).toContainText("<img src=x");
});

test("the tests notice what the policy forbids", async ({ context, hydrated }) => {
  test.skip(!hydrated, "nothing runs without JavaScript");
  const page = await context.newPage();
  const complaints = await listen(page, hydrated, []);
  await page.goto("/login");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.foreign = true";
    document.head.append(script);
  });
  await expect.poll(() => complaints.filter((text) => text.includes("securitypolicyviolation: script-src")).length).toBe(1);
  expect(await page.evaluate(() => "foreign" in window)).toBe(false);
});
