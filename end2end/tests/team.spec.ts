// 팀: inviting, accepting, roles that change.
import { somebody, addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { linkIn, waitForMails } from "../support/mail";
import { CHANNELS, Merchant } from "../support/merchant";
import { newMember } from "../support/team";

const LIVE = {
  mode: "live", provider: "smartro", module: "smartro_v2", name: "실연동", mid: "smt1m", purpose: "payment", tax: "none",
  "fields.merchant_key": "key", "fields.cancel_password": "123456",
};

test.use({ refusals: [/^\/integration\//] });

test("an invited person accepts by the mail, logs in, and is on the team until removed", async ({ merchant, page, browser, hydrated, account: _ }) => {
  const kim = somebody();
  await merchant.goto("/team");
  await merchant.fill({ 이메일: kim.email, 메모: "정산 담당" });
  await page.locator("#invite-role").selectOption("dev");
  await merchant.button("초대 메일 보내기").click();
  await expect(page.getByText("초대 메일을 보냈습니다", { exact: true })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: kim.email })).toContainText("정산 담당");
  const [mail] = await waitForMails(kim.email);

  const context = await browser.newContext({ javaScriptEnabled: hydrated });
  const invited = new Merchant(await context.newPage(), hydrated);
  await invited.goto(linkIn(mail!));
  await expect(invited.page.getByText(kim.email)).toBeVisible();
  await invited.fill({ "새 비밀번호": kim.password, "비밀번호 확인": kim.password });
  await invited.button("초대 수락").click();
  await invited.expectRefused(invited.page.getByLabel("[필수] 이용약관에 동의합니다"), "동의가 필요합니다");
  await invited.fill({ "새 비밀번호": kim.password, "비밀번호 확인": kim.password });
  await invited.page.getByLabel("[필수] 이용약관에 동의합니다").check();
  await invited.page.getByLabel("[필수] 개인정보 수집 및 이용에 동의합니다").check();
  await invited.button("초대 수락").click();
  await expect(invited.page.getByText("초대를 수락했습니다. 로그인해 주세요.")).toBeVisible();
  await invited.logIn(kim);
  await invited.goto(linkIn(mail!));
  await expect(invited.page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();

  await merchant.goto("/team");
  const line = page.getByRole("listitem").filter({ hasText: kim.email });
  await line.locator("summary").click();
  await line.getByRole("button", { name: "팀에서 빼기" }).click();
  await expect(page.getByText("팀에서 뺐습니다")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: kim.email })).toHaveCount(0);
  await invited.page.goto(CHANNELS);
  await expect(invited.page).toHaveURL(/\/login/);
  await context.close();
});

test("a refused invitation keeps what was typed and says why beside it", async ({ merchant, page, account }) => {
  await merchant.goto("/team");
  await merchant.fill({ 이메일: account.email, 메모: "나" });
  await merchant.button("초대 메일 보내기").click();
  await merchant.expectRefused(merchant.field("이메일"), "이미 팀에 있는 주소입니다.");
  await expect(merchant.field("이메일")).toHaveValue(account.email);
  await expect(merchant.field("메모")).toHaveValue("나");
  expect(page.url()).not.toContain(encodeURIComponent(account.email));
});

test("an invitation is sent again and withdrawn", async ({ merchant, page, account: _ }) => {
  const kim = somebody();
  await merchant.goto("/team");
  await merchant.fill({ 이메일: kim.email });
  await merchant.button("초대 메일 보내기").click();
  await expect(page.getByText("초대 메일을 보냈습니다", { exact: true })).toBeVisible();
  await merchant.button(`${kim.email} 다시 보내기`).click();
  await expect(page.getByText("초대 메일을 다시 보냈습니다")).toBeVisible();
  const [first, second] = await waitForMails(kim.email, 2);
  await merchant.button(`${kim.email} 초대 취소`).click();
  await expect(page.getByText("초대를 취소했습니다")).toBeVisible();
  for (const mail of [first, second]) {
    await merchant.goto(linkIn(mail!));
    await expect(page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();
  }
});

test("the last owner is told why they cannot go", async ({ merchant, page, account }) => {
  await merchant.goto("/team");
  const line = page.getByRole("listitem").filter({ hasText: account.email });
  await line.locator("summary").click();
  await line.getByRole("button", { name: "팀 나가기" }).click();
  const reason = "Owner는 한 명 이상 있어야 합니다";
  await expect(page.getByRole("alert").filter({ hasText: reason })).toBeVisible();
  await merchant.goto("/team");
  await line.locator("summary").click();
  await line.getByLabel("권한").selectOption("viewer");
  await line.getByRole("button", { name: "권한 변경" }).click();
  // Beside the choice, which stays as it was made.
  await expect(line.getByRole("alert").filter({ hasText: reason })).toBeVisible();
  await expect(line.getByLabel("권한")).toHaveValue("viewer");
});

test("a role taken away works at the next click of an open page", async ({ merchant, page, context, browser, hydrated, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  const member = await newMember(browser, context.request, "dev", hydrated);
  const dev = new Merchant(member.page, hydrated);
  await dev.openChannel(key);
  await merchant.goto("/team");
  const line = page.getByRole("listitem").filter({ hasText: member.account.email });
  await line.locator("summary").click();
  await line.getByLabel("권한").selectOption("viewer");
  await line.getByRole("button", { name: "권한 변경" }).click();
  await expect(page.getByText("권한을 바꿨습니다")).toBeVisible();
  await dev.button("일시중지").click();
  await expect(dev.page.getByRole("alert").filter({ hasText: "권한이 없습니다" })).toBeVisible();
  await member.context.close();
});
