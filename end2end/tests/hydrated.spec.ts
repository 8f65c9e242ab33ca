// What comes on top with JavaScript and WASM.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";

test("the row being built follows what the merchant types", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  const preview = page.locator(".preview");
  await merchant.fill({ "채널 이름": "정기결제용" });
  await expect(preview).toContainText("정기결제용");
  await expect(preview).toContainText("KSNET");
  await merchant.chooseSharedMid("2999199990");
  await expect(preview).toContainText("2999199990");
  await merchant.typeOwnMid("2001102849");
  await expect(preview).toContainText("2001102849");
  await merchant.fill({ "채널 이름": "" });
  await expect(preview).not.toContainText("정기결제용");
});

test("the modules of a provider appear when it is chosen, and change with it", async ({ merchant, page, account: _ }) => {
  await merchant.goto(`${CHANNELS}/new`);
  await page.getByRole("radio", { name: "KSNET", exact: true }).check();
  await expect(merchant.module(KSNET)).toBeVisible();
  await page.getByRole("radio", { name: "KG이니시스", exact: true }).check();
  await expect(merchant.module("통합인증")).toBeVisible();
  await expect(merchant.module(KSNET)).toHaveCount(0);
  await expect(page.getByRole("radio", { name: "KG이니시스", exact: true })).toBeChecked();
  await page.getByRole("radio", { name: "실연동", exact: true }).check();
  await expect(page).toHaveURL(/mode=live/);
  await expect(page.getByRole("radio", { name: "KG이니시스", exact: true })).toBeChecked();
  await expect(page.getByRole("radio", { name: "실연동", exact: true })).toBeChecked();
});

test("a merchant copies the store id from the header", async ({ merchant, page, context, account: _ }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await merchant.goto("/");
  const store = page.getByRole("region", { name: "현재 상점" });
  await store.getByRole("button", { name: "상점아이디 복사" }).click();
  await expect(store.getByRole("status")).toHaveText("복사했습니다");
  const shown = await store.getByText(/^store-/).innerText();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
});

test("a suggested name gives way to that of another shared test MID", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.chooseSharedMid("2999199999");
  await expect(merchant.field("채널 이름")).toHaveValue("KSNET 결제창 방식 일반 단건 결제");
  await merchant.chooseSharedMid("2999199990");
  await expect(merchant.field("채널 이름")).toHaveValue("KSNET API 방식 일반 단건 결제 혹은 정기결제");
});

test("fields of a use show when the use is ticked", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await expect(merchant.field("ssp Mall ID")).toBeHidden();
  await merchant.tickUse("정기결제");
  await expect(merchant.field("ssp Mall ID")).toBeVisible();
  await page.getByRole("checkbox", { name: "정기결제", exact: true }).uncheck();
  await expect(merchant.field("ssp Mall ID")).toBeHidden();
});

test("a typed secret stays in its field when the form is refused", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "a/b", "PG상점아이디 (MID)": "smt1m", Key: "typed once", "거래취소 비밀번호": "123456" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "글자");
  await expect(merchant.field("Key")).toHaveValue("typed once");
  await merchant.fill({ "채널 이름": "이름" });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel.secrets).toEqual({ merchant_key: "typed once", cancel_password: "123456" });
});

test("pressing 저장 twice adds one channel", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.chooseSharedMid("2999199999");
  await merchant.button("저장").dblclick();
  await expect(page.getByText("채널을 추가했습니다")).toBeVisible();
  await merchant.goto(CHANNELS);
  await expect(merchant.listed()).toHaveCount(1);
});

test("a merchant who leaves the pages and comes back by 뒤로 finds them alive", async ({ merchant, page, account: _ }) => {
  await merchant.goto(CHANNELS);
  await page.getByRole("navigation", { name: "주 메뉴" }).getByRole("link", { name: "홈" }).click();
  await expect(page.getByRole("heading", { name: "홈" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { name: "홈" })).toBeVisible();
});

test("a MID that another channel has is pointed out while it is typed", async ({ merchant, page, context, account: _ }) => {
  const taken = { mode: "live", provider: "ksnet", module: "ksnet", name: "첫째", mid: "KS0001", "fields.api_key": "key" };
  await addChannel(context.request, taken);
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  const warning = page.getByText("같은 모듈과 상점아이디의 채널이 또 있습니다.");
  await merchant.fill({ "PG상점아이디 (MID)": "KS0002" });
  await expect(warning).toHaveCount(0);
  await merchant.fill({ "PG상점아이디 (MID)": "KS0001" });
  await expect(warning).toBeVisible();
});
