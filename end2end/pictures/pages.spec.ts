// Every page in both themes, wide and narrow, into `end2end/screenshots`. README=1 makes the README's pictures, too.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { APPLICATION } from "../support/application";
import { ROOT } from "../support/console";
import { DEMO_OWNER } from "../support/demo";
import { expect, test } from "../support/fixtures";
import { issue, V2 } from "../support/keys";
import { CHANNELS, type Merchant } from "../support/merchant";
import { ROUTES } from "../support/routes";

const FOLDER = join(ROOT, "end2end/screenshots");
const README = join(ROOT, ".readme");
const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";

test.use({ refusals: [/./] });
test.beforeAll(() => mkdirSync(FOLDER, { recursive: true }));

async function picture(page: Page, name: string) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), fullPage: true, animations: "disabled" });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

async function logIn(merchant: Merchant) {
  await merchant.goto("/login");
  await merchant.submitLogIn(DEMO_OWNER.email, DEMO_OWNER.password);
  await expect(merchant.page.getByRole("heading", { level: 1 })).toHaveText("채널 관리");
  await merchant.alive();
}

/** `/` is `home`; what is chosen by an id is called by what it is. */
const called = (route: string) => route.slice(1).replaceAll("/:", "-").replaceAll("/", "-") || "home";

/** Takes the routes that open as they are, and answers with the others. */
async function take(merchant: Merchant, routes: [string, string][]): Promise<string[]> {
  const closed: string[] = [];
  for (const [route, path] of routes) {
    const { page } = merchant;
    // One page stays as the server drew it.
    await (path.endsWith("/check") ? page.goto(path) : merchant.goto(path));
    if (new URL(page.url()).pathname === path.split("?")[0]) await picture(page, called(route));
    else closed.push(route);
  }
  return closed;
}

/** The ids of what the demo made, from the links of its own pages. */
async function ids(merchant: Merchant) {
  const { page } = merchant;
  const found = async (path: string, link: string | RegExp, id: RegExp) => {
    await merchant.goto(path);
    const href = await page.getByRole("main").getByRole("link", { name: link }).first().getAttribute("href");
    return id.exec(href ?? "")![0];
  };
  const KEY = /channel-key-[0-9a-f-]{36}/;
  const live = await found(`${CHANNELS}?q=KSNET`, /KSNET 카드 실연동/, KEY);
  const tested = await found(`${CHANNELS}?q=갤럭시아`, /갤럭시아/, KEY);
  const contract = await found(APPLICATION, /KSNET/, /application-[0-9a-f-]{36}/);
  await merchant.goto(V2);
  const kid = /v2\/(\w{12})\/roll/.exec(await page.content())![1]!;
  return { key: live, tested, contract, kid, version: "1" };
}

test("every page", async ({ merchant, context }) => {
  const fixed = ROUTES.filter((route) => !route.includes(":"));
  const closed = await take(merchant, fixed.map((route) => [route, route]));
  await logIn(merchant);
  const made = await ids(merchant);
  const path = (route: string) =>
    route.replace(/:(\w+)/g, (_, name: keyof typeof made) => (route.endsWith("/promote") ? made.tested : made[name]));
  const behind = ROUTES.filter((route) => route.includes(":") || closed.includes(route));
  expect(await take(merchant, behind.map((route) => [route, path(route)]))).toEqual([]);
  await context.close();
});

test("pages in the midst of something", async ({ merchant, page }) => {
  await merchant.goto("/signup");
  await merchant.fill({ 이메일: "이메일 아님", 비밀번호: "짧다", "비밀번호 확인": "다르다" });
  await merchant.button("가입").click();
  await expect(page.locator(".field-error").first()).toBeVisible();
  await picture(page, "signup-refused");
  await logIn(merchant);
  await merchant.chooseProvider("테스트", "KG이니시스");
  await picture(page, "integration-channels-new-modules");
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.tickUse("정기결제");
  await merchant.fill({ "채널 이름": "a/b", "PG상점아이디 (MID)": "INIpayTest" });
  await picture(page, "integration-channels-new-form");
  await merchant.save();
  await expect(page.locator(".field-error").first()).toBeVisible();
  await picture(page, "integration-channels-new-refused");
  await merchant.goto("/");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("이니시스");
  await expect(page.getByRole("dialog").getByRole("link", { name: /정기구독 실연동/ })).toBeVisible();
  await picture(page, "search-dialog");
  await issue(merchant, "그림에 나오는 서버");
  await picture(page, "integration-keys-v2-shown-once");
});

test("the README's pictures", async ({ merchant, page }) => {
  test.skip(!process.env.README, "README=1 makes them");
  await logIn(merchant);
  const made = await ids(merchant);
  const shot = async (name: string, height: number) => {
    await page.setViewportSize({ width: 1200, height });
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(README, `${name}.png`), animations: "disabled" });
  };
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await merchant.goto(`${CHANNELS}?mode=live`);
  await shot("channels", 720);
  await merchant.chooseModule("실연동", "KSNET", "결제창 일반결제 및 API 수기/정기결제");
  await merchant.fill({ "채널 이름": "KSNET 강남점", "PG상점아이디 (MID)": "demo000031" });
  await shot("add-channel", 720);
  await merchant.goto(`${CHANNELS}/${made.key}/twin`);
  await shot("twins", 720);
});
