// Every page in its states, for everyone: WCAG 2.2 AA as axe sees it, in both themes, at 1280 and 360 px, and nothing cut
// off at a zoom of 200 %. A route that is not walked to fails the last test.
import type { Page } from "@playwright/test";
import { addChannel, newMerchant, post, somebody } from "../support/account";
import {
  APPLICATION, BUSINESS, choose, consent, enterAll, operate, PDF, REGISTRATION, SERVICE, submitKsnet, uploadBy,
} from "../support/application";
import { faults } from "../support/axe";
import { PEOPLE } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issue, issuing, KEYS, postForSecret, V2 } from "../support/keys";
import { linkIn, waitForMails } from "../support/mail";
import { CHANNELS, Merchant } from "../support/merchant";
import { ROUTES, routeOf } from "../support/routes";
import { addStore, invite, newMember } from "../support/team";

test.skip(({ hydrated }) => !hydrated, "axe is a script");
test.use({ refusals: [/./] });
test.setTimeout(180_000);

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", purpose: "payment", tax: "none" };
const TESTED = {
  mode: "test", provider: "smartro", module: "smartro_v2", name: "스마트로 시험", purpose: "payment", mid: "smt000001t", tax: "taxable",
  "fields.merchant_key": "test merchant key 0123456789", "fields.cancel_password": "111111",
};
const LIVE = { ...TESTED, mode: "live", name: "가".repeat(50), mid: "smt000001m", "uses.recurring": "on", "fields.ssp_mall_id": "smt000001p" };
const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";

const walked = new Set<string>();

/** A walk that remembers what it found until its end, so that one run tells of everything. */
class Walk {
  private readonly found: string[] = [];

  constructor(readonly merchant: Merchant) {}

  get page(): Page {
    return this.merchant.page;
  }

  /** Opens a page and looks at it. */
  async at(path: string, state = "") {
    // One page stays as the server drew it.
    await (path.endsWith("/check") ? this.page.goto(path) : this.merchant.goto(path));
    await this.look(state);
  }

  /** Looks at the page as it is. */
  async look(state = "", widths?: number[]) {
    const { pathname, search } = new URL(this.page.url());
    walked.add(pathname);
    for (const fault of await faults(this.page, widths)) this.found.push(`${pathname}${search} ${state}: ${fault}`);
  }

  /** Presses a button and looks at what is refused. */
  async refused(button: string, state = "refused") {
    await this.merchant.button(button).click();
    await expect(this.page.locator(".field-error, .banner--error, .banner--caution").first()).toBeVisible();
    await this.merchant.alive();
    await this.look(state);
  }

  /** Opens every box that is closed. */
  async unfold(state = "unfolded") {
    await this.page.evaluate(() => {
      for (const box of document.querySelectorAll<HTMLDetailsElement>("main details")) box.open = true;
    });
    await this.look(state);
  }

  end() {
    expect(this.found).toEqual([]);
  }
}

test("the pages before the login", async ({ merchant, page, context }) => {
  const walk = new Walk(merchant);
  await walk.at("/login");
  await walk.refused("로그인");
  await walk.at("/login?verified=1");
  await walk.at("/signup");
  await merchant.fill({ 이메일: "이메일 아님", 비밀번호: "짧다", "비밀번호 확인": "다르다" });
  await walk.refused("가입");
  await walk.at("/signup?sent=1", "sent");
  for (const path of ["/verify-email", "/reset-password", "/invitations", "/account/email"]) await walk.at(`${path}?token=none`, "no such link");
  await walk.at("/verify-email/resend");
  await walk.at("/terms");
  await walk.at("/privacy");
  await walk.at("/nothing-here", "404");

  const account = somebody();
  await merchant.signUp(account);
  await walk.look("sent");
  await walk.at(linkIn((await waitForMails(account.email))[0]!), "to be confirmed");
  await merchant.button("이메일 인증하기").click();
  await expect(page).toHaveURL(/login/);
  await walk.at("/forgot-password");
  await merchant.fill({ 이메일: account.email });
  await merchant.button("메일 받기").click();
  await expect(page.getByRole("heading", { name: "메일을 확인해 주세요" })).toBeVisible();
  await walk.look("sent");
  await walk.at(linkIn((await waitForMails(account.email, 2))[1]!));
  await walk.refused("비밀번호 바꾸기");

  const owner = await newMerchant(context.request);
  const kim = somebody();
  await invite(context.request, kim.email, "dev");
  await walk.at(linkIn((await waitForMails(kim.email))[0]!));
  await walk.refused("초대 수락");
  const moved = somebody().email;
  await post(context.request, "/api/account/email", { "form[email]": moved, "form[current]": owner.password });
  await walk.at(linkIn((await waitForMails(moved))[0]!));

  // What stands around the pages refuses with a page of its own.
  await merchant.goto("/login");
  await page.evaluate(() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/api/accounts/log-in" });
    form.append(Object.assign(document.createElement("input"), { name: "large", value: "x".repeat(300_000) }));
    document.body.append(form);
    form.submit();
  });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/너무|큽니다|커/);
  await walk.look("413");
  walk.end();
});

test("every component in every state", async ({ merchant, page }) => {
  const walk = new Walk(merchant);
  await walk.at("/styleguide");
  await walk.unfold();
  await merchant.button("대화 상자 열기").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await walk.look("the dialog");
  walk.end();
});

test("the pages of a merchant who has just begun", async ({ merchant, page, account: _ }) => {
  const walk = new Walk(merchant);
  await walk.at("/");
  for (const path of [CHANNELS, `${CHANNELS}?mode=live&q=nothing`, V2, "/team", "/stores", "/audit?who=nobody"]) await walk.at(path, "empty");
  await walk.at(`${CHANNELS}/new`);
  await walk.at("/nothing-here", "404");
  await walk.at(`${CHANNELS}/channel-key-00000000-0000-4000-8000-000000000000`, "404");
  await walk.at(APPLICATION, "not begun");
  await walk.refused("시작하기");

  await walk.at("/search");
  await walk.at("/search?q=API", "found");
  await walk.at("/search?q=none-such", "nothing found");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type("키");
  await walk.look("the dialog");

  // The menu of a narrow window.
  await merchant.goto("/");
  await page.setViewportSize({ width: 360, height: 800 });
  await page.locator(".side-menu summary").click();
  await walk.look("menu", [360]);
  walk.end();
});

test("the pages of channels", async ({ merchant, page, context, account: _ }) => {
  const { request } = context;
  const shared = await addChannel(request, KSNET);
  const tested = await addChannel(request, TESTED);
  const live = await addChannel(request, LIVE);
  const gone = await addChannel(request, { ...KSNET, name: "지운 채널" });
  await addStore(request, "강남점", "GN1");
  await post(request, "/api/channels/move", { key: gone, to: "delete" });
  const walk = new Walk(merchant);
  await walk.at(`${CHANNELS}?mode=test`);
  await walk.at(`${CHANNELS}/${shared}?done=added`);
  await walk.at(`${CHANNELS}/${live}`);
  await walk.unfold();
  await walk.at(`${CHANNELS}/${gone}`, "deleted");
  await walk.at(`${CHANNELS}/${live}/edit`);
  await merchant.fill({ "채널 이름": "a/b", "PG상점아이디 (MID)": "smt1t" });
  await walk.refused("저장");
  await walk.at(`${CHANNELS}/${tested}/edit`);
  await merchant.fill({ "채널 이름": "둘째 이름", "거래취소 비밀번호": "654321" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await walk.look("saved");
  await walk.at(`${CHANNELS}/${tested}/versions`);
  await walk.unfold();
  await walk.at(`${CHANNELS}/${tested}/versions/1`);
  await walk.at(`${CHANNELS}/${tested}/promote`);
  await walk.refused("실연동으로 올리기");
  await walk.at(`${CHANNELS}/${tested}/twin`, "alone");
  await merchant.button("짝짓기").click();
  await expect(page.getByText("테스트와 실연동 채널을 짝지었습니다")).toBeVisible();
  await walk.look("paired");
  await walk.at(`${CHANNELS}/${shared}/check`);
  await walk.unfold();
  await merchant.field("요청 붙여넣기").fill('IMP.request_pay({pay_method: "card", amount: 20000, currency: "KRW", card: {direct: {code: "041"}}})');
  await merchant.button("붙여넣은 요청 검사").click();
  await expect(page.getByRole("region", { name: "검사 결과" })).toBeVisible();
  await walk.look("checked");
  walk.end();
});

test("adding a channel", async ({ merchant, page, account: _ }) => {
  const walk = new Walk(merchant);
  await merchant.chooseProvider("테스트", "KG이니시스");
  await walk.look("modules");
  await merchant.chooseModule("테스트", "KSNET", "결제창 일반결제 및 API 수기/정기결제");
  await merchant.chooseSharedMid("2999199999");
  await walk.look("shared test MIDs");
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await page.locator(".paste-box summary").click();
  await page.locator("#paste").fill("상점아이디: smt000001m\n상점키: abcdefgh0123456789==\n담당자 홍길동");
  await walk.unfold("pasted");
  await merchant.tickUse("정기결제");
  await merchant.fill({ "채널 이름": "a/b", "PG상점아이디 (MID)": "INIpayTest" });
  await walk.refused("저장");
  await merchant.goto(CHANNELS);
  await expect(page.getByRole("heading", { name: "작성하던 채널이 있습니다" })).toBeVisible();
  await walk.look("begun");
  walk.end();
});

test("the pages of people, stores, keys and the trail", async ({ merchant, page, context, browser, account }) => {
  const { request } = context;
  const walk = new Walk(merchant);
  const viewer = await newMember(browser, request, "viewer", true);
  await invite(request, somebody().email, "admin");
  await addStore(request, "강남점", "GN1");
  await walk.at("/team");
  await merchant.fill({ 이메일: account.email });
  await walk.refused("초대 메일 보내기");
  await walk.unfold();
  await walk.at("/stores");
  await merchant.fill({ "하위 상점 코드 (tier code)": "GN1" });
  await walk.refused("하위 상점 추가");
  await walk.unfold();
  await walk.at("/account");
  await walk.refused("비밀번호 변경");
  await merchant.goto("/account");
  await walk.refused("이메일 변경");
  await walk.at("/audit");
  await walk.unfold();

  await walk.at(KEYS);
  await walk.at(`${KEYS}/secret`);
  await merchant.fill({ 비밀번호: "아닌데 이 비밀번호는" });
  await walk.refused("REST API Secret 보기");
  await walk.at(`${KEYS}/reissue`);
  await walk.at(`${V2}/new`);
  await merchant.fill({ "Secret 이름": "a/b" });
  await walk.refused("생성");
  const secret = await issue(merchant, "결제 서버");
  await walk.unfold("shown once");
  await page.reload();
  await walk.look("already shown");
  await postForSecret(request, `${V2}/${secret.slice(5, 17)}/roll`, { overlap: "24" });
  await postForSecret(request, `${V2}/new`, issuing("다른 서버"));
  await walk.at(V2, "filled");
  const kid = (await (await request.get(`${PEOPLE}${V2}`)).text()).match(/\/v2\/(\w{12})\/roll/)![1]!;
  await walk.at(`${V2}/${kid}/roll`);
  await walk.at(`${V2}/${kid}/revoke`);

  // Who may not.
  const theirs = new Walk(new Merchant(viewer.page, true));
  await theirs.at("/audit", "403");
  await theirs.at(CHANNELS, "as a viewer");
  await viewer.context.close();
  walk.end();
  theirs.end();
});

test("전자결제 신청 before it is submitted", async ({ merchant, page, context, account: _ }) => {
  const { request } = context;
  const walk = new Walk(merchant);
  await consent(request);
  await walk.at(`${APPLICATION}?done=begun`, "nothing entered");
  for (const step of ["business", "service", "settlement"]) {
    await walk.at(`/application/business?step=${step}`);
    await walk.refused("저장하고 다음");
  }
  await walk.at(REGISTRATION);
  await choose(page, "등록증.gif", "image/gif", Buffer.from("GIF89a"));
  await walk.refused("올리기");
  await walk.at("/application/pgs/new");
  await walk.at("/application/pgs/new?provider=inicis");
  await walk.at("/application/pgs/new?module=ksnet");
  await walk.refused("신청 목록에 담기");
  await post(request, "/api/application/choose", { module: "ksnet", "form[styles][s0]": "결제창 일반결제", "form[methods][m0_0]": "일반결제|카드" });
  await walk.at("/application/summary", "incomplete");
  for (const [step, form] of [["business", BUSINESS], ["service", SERVICE], ["settlement", { "form[bank]": "신한은행", "form[account_number]": "110-987-654321" }]] as const) {
    await post(request, "/api/application/save", { step, ...form });
  }
  await uploadBy(request, PDF);
  await walk.at(APPLICATION, "all entered");
  await walk.at(`${APPLICATION}/business?step=settlement`, "a number is stored");
  await walk.at(REGISTRATION, "a file is stored");
  await walk.at("/application/summary", "complete");
  await page.locator("input[type=checkbox]").uncheck();
  await walk.refused("제출하기");
  walk.end();
});

test("전자결제 신청 after it was submitted", async ({ merchant, page, context, browser, account: _ }) => {
  const { request } = context;
  const walk = new Walk(merchant);
  await enterAll(request);
  const id = await submitKsnet(request);
  await walk.at(APPLICATION, "submitted");
  await walk.at("/application/business", "locked");
  operate("move", id, "in_review");
  operate("move", id, "changes_requested", "--note", "주소가 등록증과 다릅니다");
  await walk.at(`/application/pgs/${id}`, "changes requested");
  await post(request, "/api/application/submit", { [`contracts[${id}]`]: "on" });
  operate("move", id, "in_review");
  operate("move", id, "contracted");
  operate("review", id, "366", "approved");
  operate("review", id, "361", "rejected");
  await post(request, "/api/application/choose", { module: "kakaopay", "form[styles][s0]": "결제창 일반결제", "form[methods][m0_0]": "일반결제|신용카드" });
  const second = [...(await (await request.get(APPLICATION)).text()).matchAll(/pgs\/(application-[0-9a-f-]{36})/g)].map(([, one]) => one!).find((one) => one !== id);
  if (second) {
    await walk.at(`/application/pgs/${second}`, "draft");
    await post(request, "/api/application/submit", { [`contracts[${second}]`]: "on" });
    operate("move", second, "in_review");
    operate("move", second, "rejected", "--note", "서비스를 열 수 없습니다");
    await walk.at(`/application/pgs/${second}`, "rejected");
  }
  await walk.at(`/application/pgs/${id}`, "contracted");
  await walk.refused("심사 상태 저장");
  await walk.at(APPLICATION, "contracted and rejected");
  await walk.at("/", "with applications");
  const live = await addChannel(request, { mode: "live", provider: "ksnet", module: "ksnet", name: "계약한 채널", mid: "2001102849", purpose: "payment", tax: "none", "fields.api_key": "the key" });
  await walk.at(`${CHANNELS}/${live}`, "with card issuers' reviews");

  const viewer = await newMember(browser, request, "viewer", true);
  const theirs = new Walk(new Merchant(viewer.page, true));
  await theirs.at(APPLICATION, "states only");
  await theirs.at("/application/business", "403");
  await viewer.context.close();
  walk.end();
  theirs.end();
});

test("no page was left out", () => {
  expect(ROUTES.length).toBeGreaterThan(30);
  const seen = new Set([...walked].map(routeOf));
  expect(ROUTES.filter((route) => !seen.has(route))).toEqual([]);
});
