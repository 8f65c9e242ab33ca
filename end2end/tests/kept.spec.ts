// What is typed is there again: after the session ended, after a reload, for a name that was taken over, while promoting.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS, Merchant } from "../support/merchant";

const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";
const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const KEPT = "입력한 내용을 보관했습니다. 저장하기 전에는 채널이 추가되지 않습니다.";
const SHARED = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", purpose: "payment", tax: "none" };

test("what is typed after the session ended is there after the login", async ({ merchant, page, context, account, hydrated }) => {
  test.skip(!hydrated, "only where JavaScript runs");
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await context.clearCookies();
  await merchant.fill({ "채널 이름": "밤새 열린 화면", "PG상점아이디 (MID)": "smt000001m", Key: "Unseen-Key-0123456789" });
  await expect(page.getByText("로그인이 끝났습니다", { exact: true })).toBeVisible();
  await expect(page.getByText("새 탭에서 로그인하면 작성하던 내용이 그대로 나옵니다.", { exact: false })).toBeVisible();
  await expect(page.getByText(KEPT)).toBeVisible();
  const opened = context.waitForEvent("page");
  await merchant.link("로그인하고 이어서 작성").click();
  const tab = new Merchant(await opened, true);
  await tab.alive();
  await tab.submitLogIn(account.email, account.password);
  await expect(tab.field("채널 이름")).toHaveValue("밤새 열린 화면");
  await expect(tab.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  expect(await tab.page.content()).not.toContain("Unseen-Key-0123456789");
});

test("a name and a mail that are taken over settle what was refused, and are kept", async ({ merchant, page, account: _, hydrated }) => {
  test.skip(!hydrated, "only where JavaScript runs");
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "필수 항목입니다.");
  await page.getByRole("button", { name: "이 이름 쓰기: KSNET" }).click();
  await expect(merchant.field("채널 이름")).not.toHaveAttribute("aria-invalid", "true");
  const mid = merchant.field("PG상점아이디 (MID)");
  await merchant.expectRefused(mid, "필수 항목입니다.");
  await page.getByText("메일이나 표 붙여넣기").click();
  await merchant.field("결제대행사가 보낸 내용").fill("상점아이디\t2001102849");
  await merchant.button("빈칸 채우기").click();
  await expect(mid).toHaveValue("2001102849");
  await expect(mid).not.toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText(KEPT)).toBeVisible();
  await page.reload();
  await merchant.alive();
  await expect(merchant.field("채널 이름")).toHaveValue("KSNET");
});

test("what is typed while promoting survives a reload", async ({ merchant, page, context, account: _, hydrated }) => {
  test.skip(!hydrated, "only where JavaScript runs");
  const tested = await addChannel(context.request, SHARED);
  await merchant.goto(`${CHANNELS}/${tested}/promote`);
  await merchant.fill({ "PG상점아이디 (MID)": "2001102849" });
  await expect(page.getByText(KEPT)).toBeVisible();
  await page.reload();
  await merchant.alive();
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("2001102849");
  await page.getByRole("button", { name: /^버리기/ }).click();
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("");
});

test("a duplicate is there again after a reload", async ({ merchant, page, context, account: _, hydrated }) => {
  const key = await addChannel(context.request, SHARED);
  await merchant.openChannel(key);
  await merchant.link("복제").click();
  await expect(page.getByText("다른 채널에서 가져온 내용입니다")).toBeVisible();
  if (hydrated) {
    await merchant.alive();
    await merchant.fill({ "채널 이름": "내 복제본" });
    await expect(page.getByText(KEPT)).toBeVisible();
    await page.reload();
    await merchant.alive();
  } else {
    await merchant.fill({ "채널 이름": "내 복제본/" });
    await merchant.save();
    await merchant.fill({ "채널 이름": "내 복제본" });
  }
  await expect(merchant.field("채널 이름")).toHaveValue("내 복제본");
  await merchant.saveNew();
});

test("the Enter key checks what is filled in", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, SHARED);
  await page.goto(`${CHANNELS}/${key}/check`);
  await page.getByText("직접 입력").click();
  const amount = page.getByLabel("결제금액 · amount");
  await amount.fill("만원");
  await amount.press("Enter");
  await merchant.expectRefused(amount, "amount는 숫자여야 합니다.");
  await expect(amount).toBeVisible();
});
