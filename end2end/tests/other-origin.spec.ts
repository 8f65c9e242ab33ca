// Pages of other origins, in the browser of a merchant who is logged in. What they make it send is refused, what they frame
// stays empty; and what was seen before a log-out is not seen after it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { addChannel, channelForm } from "../support/account";
import { CORES, PEOPLE } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issuing, KEYS, V2 } from "../support/keys";
import { CHANNELS } from "../support/merchant";

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", name: "남이 보낸 채널", purpose: "payment", shared_mid: "2999199999", tax: "none" };

interface Form {
  path: string;
  fields: Record<string, string>;
  method?: string;
  enctype?: string;
}

/** What would hurt most, in every way in which a form can say it. */
const FORMS: Form[] = [
  { path: "/api/accounts/log-out", fields: {} },
  { path: "/api/accounts/log-out", fields: {}, method: "get" },
  { path: "/api/channels/add", fields: channelForm({ ...KSNET, request_key: "another-origin-1" }) },
  { path: "/api/channels/add", fields: channelForm({ ...KSNET, request_key: "another-origin-2" }), enctype: "text/plain" },
  { path: "/api/channels/add", fields: channelForm({ ...KSNET, request_key: "another-origin-3" }), enctype: "multipart/form-data" },
  { path: "/api/account/sign-out-everywhere", fields: {} },
  { path: "/api/team/invite", fields: { "form[email]": "thief@evil.example", "form[role]": "owner", "form[memo]": "", "form[store]": "" } },
  { path: `${V2}/new`, fields: { ...issuing("남의 서버"), request_key: "another-origin-4" } },
  { path: `${KEYS}/reissue`, fields: { request_key: "another-origin-5", password: "" } },
  { path: "/application/registration", fields: { file: "x" }, enctype: "multipart/form-data" },
];

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

function pageOf(forms: Form[]): string {
  const shown = forms.map(({ path, fields, method = "post", enctype = "application/x-www-form-urlencoded" }, number) => {
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`);
    return `<form action="${PEOPLE}${path}" method="${method}" enctype="${enctype}">${inputs.join("")}<button id="form-${number}">win</button></form>`;
  });
  return `<!doctype html><title>another origin</title>${shown.join("")}<a id="link" href="${PEOPLE}/account">account</a>
    <img src="${PEOPLE}/api/accounts/log-out" alt=""><iframe name="framed" src="${PEOPLE}${CHANNELS}"></iframe>
    <iframe name="files" src="${PEOPLE}/favicon.svg"></iframe>`;
}

/** Another site's address, and another port of ours: to a cookie that is the same site, so the browser sends it along. */
const ORIGINS = [
  { what: "another site", host: "127.0.0.2", knows: "cross-site" },
  { what: "another port of this host", host: "127.0.0.1", knows: "same-site" },
];

for (const { what, host, knows } of ORIGINS) {
  test.describe(`a page of ${what}`, () => {
    let server: Server;
    let origin: string;

    test.beforeAll(async () => {
      server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(pageOf(FORMS)));
      await new Promise<void>((ready) => server.listen(0, host, ready));
      origin = `http://${host}:${(server.address() as AddressInfo).port}`;
    });

    test.afterAll(async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    });

    test(`of ${knows} requests none does anything for a merchant who is logged in`, async ({ merchant, context, hydrated, account }) => {
      // Not the fixture's page: what the browser says of all this is not of our pages.
      const page = await context.newPage();
      for (const [number, { path, method, enctype }] of FORMS.entries()) {
        await page.goto(origin);
        const answered = page.waitForResponse((answer) => answer.url().startsWith(PEOPLE + path) && answer.request().isNavigationRequest());
        await page.locator(`#form-${number}`).click();
        const answer = await answered;
        expect(answer.status(), `${method ?? "post"} ${path} as ${enctype ?? "a form"}`).toBe(403);
        expect((await answer.request().allHeaders())["sec-fetch-site"], "the browser tells where it comes from").toBe(knows);
        await expect(page.locator("body"), path).toContainText("콘솔에서 보낸 요청이 아닙니다");
      }

      // Frames stay empty, of pages and of files.
      await page.goto(origin);
      for (const name of ["framed", "files"]) {
        await expect.poll(() => page.frame(name)?.url(), { message: name }).toMatch(/^chrome-error:/);
      }
      if (hydrated) await expectNothingByScript(page);

      // Still logged in, and nothing is there. By a link the merchant comes in as from anywhere: the cookie was on its way.
      await page.goto(origin);
      await page.locator("#link").click();
      await expect(page.getByText(account.email).first()).toBeVisible();
      await merchant.goto(CHANNELS);
      await expect(merchant.page.getByText("등록된 채널이 없습니다")).toBeVisible();
      await merchant.goto(V2);
      await expect(merchant.page.getByText("남의 서버")).toHaveCount(0);
      await merchant.goto("/team");
      await expect(merchant.page.getByText("thief@evil.example")).toHaveCount(0);
      await page.close();
    });
  });
}

/** fetch, sendBeacon and a window that was opened. */
async function expectNothingByScript(page: Page) {
  // What is answered to them the browser shows nobody; that they were sent it does.
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().startsWith(`${PEOPLE}/api/`) && request.method() === "POST") sent += 1;
  });
  const seen = await page.evaluate(
    async ({ people, cores }) => {
      const out = `${people}/api/accounts/log-out`;
      const form = new URLSearchParams({ a: "b" });
      const told = async (url: string, init: RequestInit) =>
        fetch(url, { credentials: "include", ...init }).then(
          async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`,
          () => "failed",
        );
      const answers = [
        await told(out, { method: "POST", mode: "no-cors", body: form }),
        await told(out, { method: "POST", mode: "no-cors", body: "{}", headers: { "content-type": "text/plain" } }),
        await told(out, { method: "POST", body: form }),
        await told(out, { method: "POST", body: "{}", headers: { "content-type": "application/json" } }),
        await told(out, { method: "DELETE" }),
        await told(`${people}/account`, {}),
        await told(`${people}/account`, { mode: "no-cors" }),
        await told(`${people}/rest/v2/providers`, {}),
        await told(`${cores}/core/openapi.json`, {}),
      ];
      navigator.sendBeacon(out, form);
      const opened = window.open(`${people}/account`);
      await new Promise((done) => setTimeout(done, 1_000));
      // Severed by COOP, or at least closed to us.
      let reached = "nothing";
      try {
        reached = opened ? opened.document.body.textContent ?? "" : "nothing";
      } catch {
        reached = "nothing";
      }
      return { answers, reached };
    },
    { people: PEOPLE, cores: CORES },
  );
  for (const answer of seen.answers) expect(answer, seen.answers.join()).toMatch(/^(failed|opaque 0 )$/);
  expect(seen.reached).toBe("nothing");
  expect(sent).toBeGreaterThan(2);
  for (const other of page.context().pages()) if (other !== page && other.url() === `${PEOPLE}/account`) await other.close();
}

test("the same request from our own page is taken", async ({ merchant, page, hydrated, account: _ }) => {
  test.skip(!hydrated, "every other spec shows it without JavaScript");
  await merchant.goto(CHANNELS);
  const form = channelForm({ ...KSNET, name: "우리가 보낸 채널", request_key: "our-own-origin-1" });
  const status = await page.evaluate(
    async (form) => (await fetch("/api/channels/add", { method: "POST", body: new URLSearchParams(form), headers: { accept: "application/json" } })).status,
    form,
  );
  expect(status).toBeLessThan(400);
  await merchant.goto(CHANNELS);
  await expect(page.getByText("우리가 보낸 채널")).toBeVisible();
});

test("after a log-out 뒤로 shows nothing of the merchant, and neither does a tab that was left open", async ({ merchant, page, context, account }) => {
  const name = "뒤로 가도 안 보일 채널";
  const key = await addChannel(context.request, { ...KSNET, name, request_key: "back-again-00001" });
  const left = await context.newPage();
  await left.goto(`${CHANNELS}/${key}`);
  await expect(left.getByText(name).first()).toBeVisible();
  for (const path of [CHANNELS, `${CHANNELS}/${key}`, "/account", "/"]) await merchant.goto(path);
  await merchant.button("로그아웃").click();
  await expect(page.getByRole("heading", { name: "로그인" })).toBeVisible();
  for (let step = 0; step < 4; step += 1) {
    await page.goBack();
    await expect(page.getByRole("heading", { name: "로그인" })).toBeVisible();
    const shown = await page.content();
    expect(shown).not.toContain(name);
    expect(shown).not.toContain(account.email);
  }
  await left.reload();
  await expect(left.getByRole("heading", { name: "로그인" })).toBeVisible();
  await left.goBack().catch(() => null);
  expect(await left.content()).not.toContain(name);
  await left.close();
});
