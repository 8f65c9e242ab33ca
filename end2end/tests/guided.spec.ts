// What helps while a channel is added, where JavaScript runs: keeping, checks on leaving a field, names, pasting.
import { expect, test } from "../support/fixtures";
import { CHANNELS, Merchant } from "../support/merchant";

const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";
const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const KEPT = "입력한 내용을 보관했습니다. 저장하기 전에는 채널이 추가되지 않습니다.";

test.skip(({ hydrated }) => !hydrated, "only where JavaScript runs");

test("what is typed survives a reload and another device, with its secrets unseen, and saving ends it", async ({ merchant, page, browser, context, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "쓰다 만 채널", "PG상점아이디 (MID)": "smt000001m", Key: "Unseen-Key-0123456789" });
  await expect(page.getByText(KEPT)).toBeVisible();
  await page.reload();
  await merchant.alive();
  await expect(merchant.field("채널 이름")).toHaveValue("쓰다 만 채널");
  await expect(page.getByText("작성하던 내용을 불러왔습니다")).toBeVisible();
  await expect(merchant.field("Key")).toHaveValue("");

  const elsewhere = await browser.newContext({ storageState: await context.storageState() });
  const phone = new Merchant(await elsewhere.newPage(), true);
  await phone.goto(CHANNELS);
  await expect(phone.page.getByRole("heading", { name: "작성하던 채널이 있습니다" })).toBeVisible();
  await phone.page.getByRole("link", { name: /^이어서 작성 스마트로/ }).click();
  await expect(phone.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  expect(await phone.page.content()).not.toContain("Unseen-Key-0123456789");
  await phone.fill({ "거래취소 비밀번호": "123456" });
  const channel = await core.channel(await phone.saveNew());
  expect(channel.secrets).toEqual({ merchant_key: "Unseen-Key-0123456789", cancel_password: "123456" });
  await phone.goto(CHANNELS);
  await expect(phone.page.getByText("작성하던 채널이 있습니다")).toHaveCount(0);
  await elsewhere.close();
});

test("going elsewhere within the console keeps what was typed a moment ago", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "금방" });
  await page.getByRole("link", { name: "연동 관리" }).click();
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await merchant.goto(CHANNELS);
  await expect(page.getByRole("link", { name: /^이어서 작성 KSNET/ })).toBeVisible();
  await page.getByRole("button", { name: /^버리기 KSNET/ }).click();
  await expect(page.getByText("작성하던 채널이 있습니다")).toHaveCount(0);
});

test("what could not be kept is asked about before one leaves", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await page.route("**/api/channels/draft*", (route) => route.fulfill({ status: 429, body: '"unavailable"' }));
  await merchant.fill({ "채널 이름": "보관 안 됨" });
  await expect(page.getByText("입력한 내용을 보관하지 못했습니다. 곧 다시 시도합니다.")).toBeVisible();
  const asked: string[] = [];
  page.once("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole("link", { name: "연동 관리" }).click();
  expect(asked).toEqual(["입력한 내용이 아직 보관되지 않았습니다. 이 화면을 떠날까요?"]);
  await expect(merchant.field("채널 이름")).toHaveValue("보관 안 됨");
});

test("a session that ends while one types leads to the login and back to the form as it was", async ({ merchant, page, context, account }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "끊긴 세션", "PG상점아이디 (MID)": "smt000001m" });
  await expect(page.getByText(KEPT)).toBeVisible();
  await context.clearCookies();
  await merchant.save();
  await expect(page.getByText("로그인이 끝났습니다", { exact: true })).toBeVisible();
  const opened = context.waitForEvent("page");
  await merchant.link("로그인하고 이어서 작성").click();
  const tab = new Merchant(await opened, true);
  await tab.alive();
  await tab.submitLogIn(account.email, account.password);
  await expect(tab.field("채널 이름")).toHaveValue("끊긴 세션");
  await expect(tab.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
});

test("a value is looked at when its field is left, and never while one types", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  const name = merchant.field("채널 이름");
  await name.pressSequentially("a/");
  await expect(page.locator(".field-error")).toHaveCount(0);
  await merchant.field("PG상점아이디 (MID)").focus();
  await merchant.expectRefused(name, "글자, 숫자, 공백, _, - 만 쓸 수 있습니다.");
  await name.pressSequentially("b");
  await expect(page.locator(".field-error")).toHaveCount(0);
  await name.fill("가나");
  await merchant.field("거래취소 비밀번호").fill("1234567");
  await merchant.field("Key").focus();
  await merchant.expectRefused(merchant.field("거래취소 비밀번호"), "6자까지 입력할 수 있습니다.");
  // Nothing was typed here: nothing is said.
  await merchant.field("채널 이름").focus();
  await expect(page.locator(".field-error")).toHaveCount(1);
});

test("a name is suggested as long as none is typed", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await page.getByRole("button", { name: "이 이름 쓰기: KSNET" }).click();
  await expect(merchant.field("채널 이름")).toHaveValue("KSNET");
  await expect(page.getByText("이런 이름은 어떨까요?")).toHaveCount(0);
});

test("a mail that is pasted fills what is blank, tells what it took and left, and stores nothing", async ({ merchant, page, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await page.getByText("메일이나 표 붙여넣기").click();
  await merchant.field("결제대행사가 보낸 내용").fill(
    "스마트로입니다.\n가맹점명: 나무\nMID : smt000001m\nMerchantKey\tabc123+/==\n거래취소 비밀번호 : 654321",
  );
  const box = page.locator(".paste-box");
  await expect(box.getByRole("definition")).toHaveText(["smt000001m", "비밀 값 (10)", "비밀 값 (6)"]);
  await expect(box.getByText("쓰지 않은 줄: 2")).toBeVisible();
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("");
  await merchant.fill({ "거래취소 비밀번호": "111111", "채널 이름": "붙여넣기" });
  await merchant.button("빈칸 채우기").click();
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  await expect(box.getByText("이미 다른 값이 있어 그대로 두었습니다: 거래취소 비밀번호")).toBeVisible();
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ mid: "smt000001m", secrets: { merchant_key: "abc123+/==", cancel_password: "111111" } });
});

test("a shared test MID in a pasted table is chosen", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await page.getByText("메일이나 표 붙여넣기").click();
  await merchant.field("결제대행사가 보낸 내용").fill("상점아이디\t2999199999");
  await merchant.button("빈칸 채우기").click();
  await expect(merchant.sharedMid("2999199999")).toBeChecked();
});

test("nobody is told what a colleague began to add", async ({ merchant, page, stranger, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "내 것" });
  await expect(page.getByText(KEPT)).toBeVisible();
  await stranger.goto(CHANNELS);
  await expect(stranger.page.getByText("작성하던 채널이 있습니다")).toHaveCount(0);
});
