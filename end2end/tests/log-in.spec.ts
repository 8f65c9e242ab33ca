// 로그인 and 로그아웃.
import { clientAddress, newMerchant, postSignUp, somebody } from "../support/account";
import { expect, test } from "../support/fixtures";
import { linkIn, waitForMails } from "../support/mail";
import { CHANNELS, Merchant } from "../support/merchant";

test("a member with a wrong password keeps the e-mail typed and can try again", async ({ merchant, page, browser }) => {
  const elsewhere = await browser.newContext();
  const account = await newMerchant(elsewhere.request);
  await merchant.goto("/login");
  await merchant.submitLogIn(account.email, "아닌데 이 비밀번호는");
  await expect(page.getByRole("alert").filter({ hasText: "이메일 또는 비밀번호가 맞지 않습니다." })).toBeVisible();
  await expect(merchant.field("이메일")).toHaveValue(account.email);
  expect(page.url()).not.toContain(encodeURIComponent(account.email));
  await merchant.fill({ 비밀번호: account.password });
  await merchant.button("로그인").click();
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await elsewhere.close();
});

test("an address without an account is answered like a wrong password", async ({ merchant, page }) => {
  await merchant.goto("/login");
  await merchant.submitLogIn(somebody().email, "아닌데 이 비밀번호는");
  await expect(page.getByRole("alert").filter({ hasText: "이메일 또는 비밀번호가 맞지 않습니다." })).toBeVisible();
});

test("a login left blank is refused beside each field", async ({ merchant }) => {
  await merchant.goto("/login");
  await merchant.button("로그인").click();
  await merchant.expectRefused(merchant.field("이메일"), /필수 항목입니다|형식이 아닙니다/);
  await merchant.expectRefused(merchant.field("비밀번호"), "필수 항목입니다");
});

test("somebody who has not confirmed the mail is told so and has it sent again", async ({ merchant, page }) => {
  const account = somebody();
  await postSignUp(page.request, account);
  await waitForMails(account.email);
  await merchant.goto("/login");
  await merchant.submitLogIn(account.email, account.password);
  await expect(page.getByRole("alert").filter({ hasText: "아직 이메일 인증을 하지 않았습니다." })).toBeVisible();
  await merchant.link("인증 메일 다시 보내기").click();
  await expect(page.getByRole("heading", { name: "인증 메일 다시 보내기" })).toBeVisible();
  await merchant.fill({ 이메일: account.email });
  await merchant.button("인증 메일 다시 보내기").click();
  const mails = await waitForMails(account.email, 2);
  await merchant.verify(linkIn(mails[1]!));
});

test("a member who logs out is out, on every page and with the old cookie", async ({ merchant, page, context, account }) => {
  await merchant.goto("/");
  await expect(page.getByText(account.email)).toBeVisible();
  const before = await context.cookies();
  await merchant.button("로그아웃").click();
  await expect(page.getByRole("heading", { name: "로그인" })).toBeVisible();
  await expect(page).toHaveURL(/\/login/);
  await merchant.goto(CHANNELS);
  await expect(page).toHaveURL(/\/login\?next=/);
  await context.addCookies(before);
  await merchant.goto(CHANNELS);
  await expect(page).toHaveURL(/\/login\?next=/);
});

test("a member who opens a page logged out comes back to it after the login", async ({ merchant, page, account, context }) => {
  await context.clearCookies();
  await merchant.goto(`${CHANNELS}?mode=live`);
  await expect(page.getByRole("heading", { name: "로그인" })).toBeVisible();
  await merchant.submitLogIn(account.email, account.password);
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await expect(page).toHaveURL(`${CHANNELS}?mode=live`);
});

test("a forged way back leads nowhere but into the console", async ({ merchant, page, account, context }) => {
  await context.clearCookies();
  await merchant.goto("/login?next=//evil.example/");
  await merchant.submitLogIn(account.email, account.password);
  await expect(page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await expect(page).toHaveURL(CHANNELS);
});

test("somebody who guesses passwords has to wait, and only they", async ({ merchant, page, stranger, browser, hydrated }) => {
  const elsewhere = await browser.newContext({ javaScriptEnabled: hydrated, extraHTTPHeaders: { "X-Forwarded-For": clientAddress() } });
  const account = await newMerchant(elsewhere.request);
  await merchant.goto("/login");
  await merchant.submitLogIn(account.email, "guess number 1");
  await expect(page.getByRole("alert").filter({ hasText: "맞지 않습니다" })).toBeVisible();
  // At once: one more attempt is free every three seconds, so slow guessing is not what is held up.
  const guess = { "form[email]": account.email, "form[password]": "another guess", next: "" };
  const headers = { Origin: new URL(page.url()).origin };
  await Promise.all(Array.from({ length: 8 }, () => page.request.post("/api/accounts/log-in", { form: guess, headers })));
  await merchant.submitLogIn(account.email, "guess number 10");
  await expect(page.getByRole("alert").filter({ hasText: "시도가 너무 많았습니다" })).toBeVisible();
  await expect(merchant.field("이메일")).toHaveValue(account.email);
  // The owner's own browser has logged in before: it does not wait for what others guess.
  const own = await elsewhere.newPage();
  await own.context().clearCookies({ name: "sid" });
  await new Merchant(own, hydrated).logIn(account);
  // From a browser that the account does not know, the fifth wrong password is waited for.
  await page.waitForTimeout(1_000);
  await stranger.page.context().clearCookies();
  await stranger.logIn(account);
  await elsewhere.close();
});
