// 내 계정: password, address, sessions, and the way back in by mail.
import { clientAddress, postLogIn, somebody } from "../support/account";
import { expect, test } from "../support/fixtures";
import { linkIn, waitForMails } from "../support/mail";
import { CHANNELS, Merchant } from "../support/merchant";

const NEW_PASSWORD = "스물네마리 강아지와 등산 8시";

test("who forgot the password chooses another by mail", async ({ merchant, page, context, account }) => {
  await context.clearCookies();
  await merchant.goto("/login");
  await merchant.link("비밀번호를 잊으셨나요?").click();
  await expect(page.getByRole("heading", { name: "비밀번호 찾기" })).toBeVisible();
  await merchant.fill({ 이메일: account.email });
  await merchant.button("메일 받기").click();
  await expect(page.getByRole("heading", { name: "메일을 확인해 주세요" })).toBeVisible();
  const mails = await waitForMails(account.email, 2);
  const link = linkIn(mails[1]!);
  await merchant.goto(link);
  await merchant.fill({ "새 비밀번호": "password123", "비밀번호 확인": "password123" });
  await merchant.button("비밀번호 바꾸기").click();
  await merchant.expectRefused(merchant.field("새 비밀번호"), "쉽게 알아낼 수 있는 비밀번호");
  await merchant.fill({ "새 비밀번호": NEW_PASSWORD, "비밀번호 확인": NEW_PASSWORD });
  await merchant.button("비밀번호 바꾸기").click();
  await expect(page.getByText("새 비밀번호로 로그인해 주세요.")).toBeVisible();
  await merchant.submitLogIn(account.email, account.password);
  await expect(page.getByRole("alert").filter({ hasText: "맞지 않습니다" })).toBeVisible();
  await merchant.logIn({ email: account.email, password: NEW_PASSWORD });
  await merchant.goto(link);
  await expect(page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();
});

test("an address without an account is answered the same and gets no mail", async ({ merchant, page, account }) => {
  const stranger = somebody();
  await merchant.goto("/forgot-password");
  await merchant.fill({ 이메일: stranger.email });
  await merchant.button("메일 받기").click();
  await expect(page.getByRole("heading", { name: "메일을 확인해 주세요" })).toBeVisible();
  await merchant.goto("/forgot-password");
  await merchant.fill({ 이메일: account.email });
  await merchant.button("메일 받기").click();
  await waitForMails(account.email, 2);
  await waitForMails(stranger.email, 0);
});

test("a changed password ends the other sessions and keeps this one", async ({ merchant, page, browser, hydrated, account }) => {
  const elsewhere = await browser.newContext({ javaScriptEnabled: hydrated });
  await postLogIn(elsewhere.request, account);
  await merchant.goto("/account");
  const card = page.getByRole("region", { name: "비밀번호 변경" });
  const fill = async (current: string) => {
    await card.getByLabel("현재 비밀번호").fill(current);
    await card.getByLabel("새 비밀번호").fill(NEW_PASSWORD);
    await card.getByLabel("비밀번호 확인").fill(NEW_PASSWORD);
    await card.getByRole("button", { name: "비밀번호 변경" }).click();
  };
  await fill("이 비밀번호는 아닌데");
  await merchant.expectRefused(page.locator("#current"), "비밀번호가 맞지 않습니다");
  await fill(account.password);
  await expect(page.getByText("비밀번호를 바꿨습니다")).toBeVisible();
  await merchant.goto(CHANNELS);
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  const other = new Merchant(await elsewhere.newPage(), hydrated);
  await other.goto(CHANNELS);
  await expect(other.page).toHaveURL(/\/login\?next=/);
  await elsewhere.close();
});

test("a changed address is confirmed at the new one and told at the old one", async ({ merchant, page, account }) => {
  const { email } = somebody();
  await merchant.goto("/account");
  const card = page.getByRole("region", { name: "이메일 변경" });
  await card.getByLabel("새 이메일").fill(email);
  await card.getByLabel("현재 비밀번호").fill("이 비밀번호는 아닌데");
  await card.getByRole("button", { name: "이메일 변경" }).click();
  await merchant.expectRefused(page.locator("#current-for-email"), "비밀번호가 맞지 않습니다");
  await expect(card.getByLabel("새 이메일")).toHaveValue(email);
  await card.getByLabel("현재 비밀번호").fill(account.password);
  await card.getByRole("button", { name: "이메일 변경" }).click();
  await expect(page.getByText("확인 메일을 보냈습니다")).toBeVisible();
  const [mail] = await waitForMails(email);
  await merchant.goto(linkIn(mail!));
  await merchant.button("이메일 변경하기").click();
  await expect(page.getByText("이메일을 바꿨습니다")).toBeVisible();
  await expect(page.locator(".side-member")).toHaveText(email);
  const told = (await waitForMails(account.email, 2))[1]!;
  expect(told).toContain(email);
});

test("a member sees where they are logged in, ends one session, then all", async ({ merchant, page, browser, hydrated, account }) => {
  const devices = await Promise.all(
    [1, 2].map(async () => {
      const context = await browser.newContext({ javaScriptEnabled: hydrated, extraHTTPHeaders: { "X-Forwarded-For": clientAddress() } });
      await postLogIn(context.request, account);
      return context;
    }),
  );
  await merchant.goto("/account");
  const list = page.getByRole("region", { name: "로그인한 기기" }).getByRole("listitem");
  await expect(list).toHaveCount(3);
  await expect(list.filter({ hasText: "지금 이 기기" })).toHaveCount(1);
  await list.getByRole("button").first().click();
  await expect(page.getByText("로그아웃시켰습니다")).toBeVisible();
  await expect(list).toHaveCount(2);
  await merchant.button("모든 기기에서 로그아웃").click();
  await expect(page.getByText("모든 기기에서 로그아웃했습니다.")).toBeVisible();
  for (const context of devices) {
    const other = new Merchant(await context.newPage(), hydrated);
    await other.goto(CHANNELS);
    await expect(other.page).toHaveURL(/\/login\?next=/);
    await context.close();
  }
  await merchant.goto(CHANNELS);
  await expect(page).toHaveURL(/\/login\?next=/);
});
