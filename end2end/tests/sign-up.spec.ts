// From 가입 to the first page behind the login.
import { randomBytes } from "node:crypto";
import { post, postSignUp, newMerchant, somebody } from "../support/account";
import { expect, test } from "../support/fixtures";
import { linkIn, waitForMails } from "../support/mail";

test("somebody signs up, reads the mail, confirms, logs in and connects a first channel", async ({ merchant, core }) => {
  const account = somebody();
  await merchant.signUp(account);
  await expect(merchant.page.getByText("스팸메일함을 확인해 주세요", { exact: false })).toBeVisible();
  const [mail] = await waitForMails(account.email);
  await merchant.verify(linkIn(mail!));
  await merchant.submitLogIn(account.email, account.password);
  await expect(merchant.page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  await expect(merchant.page.getByText(account.email)).toBeVisible();
  await expect(merchant.page.getByText("Owner", { exact: true })).toBeVisible();
  await expect(merchant.page.getByText("등록된 채널이 없습니다")).toBeVisible();

  await merchant.chooseModule("테스트", "KSNET", "결제창 일반결제 및 API 수기/정기결제");
  await merchant.fill({ "채널 이름": "첫 채널" });
  await merchant.chooseSharedMid("2999199999");
  const key = await merchant.saveNew();
  expect(await core.channel(key)).toMatchObject({ name: "첫 채널", credentials: "shared_test", secrets: {} });
});

test("the link of the mail shows a button, and looking at it does not use it up", async ({ merchant }) => {
  const account = somebody();
  await merchant.signUp(account);
  const [mail] = await waitForMails(account.email);
  const link = linkIn(mail!);
  for (let look = 0; look < 2; look += 1) {
    await merchant.goto(link);
    await expect(merchant.button("이메일 인증하기")).toBeVisible();
  }
  await merchant.verify(link);
});

test("a link that was used shows how to go on and does nothing", async ({ merchant }) => {
  const account = somebody();
  await merchant.signUp(account);
  const [mail] = await waitForMails(account.email);
  await merchant.verify(linkIn(mail!));
  await merchant.goto(linkIn(mail!));
  await expect(merchant.page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();
  await expect(merchant.page.getByText("이미 사용했거나 24시간이 지난 주소입니다.", { exact: false })).toBeVisible();
  await expect(merchant.button("이메일 인증하기")).toHaveCount(0);
});

test("a link that somebody used in another window is refused when its button is pressed", async ({ merchant, page }) => {
  const account = somebody();
  await merchant.signUp(account);
  const [mail] = await waitForMails(account.email);
  const link = linkIn(mail!);
  await merchant.goto(link);
  await post(page.request, "/api/accounts/verify", { token: new URL(link).searchParams.get("token")! });
  await merchant.button("이메일 인증하기").click();
  await expect(page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();
});

// A link's 24 hours pass in the backend's own tests, by their clock; an unknown token takes the same way.
test("a link that never was, or is long forgotten, shows the same page", async ({ merchant, page }) => {
  for (const token of [randomBytes(32).toString("base64url"), "nonsense", ""]) {
    await merchant.goto(`/verify-email?token=${token}`);
    await expect(page.getByRole("heading", { name: "쓸 수 없는 주소입니다" })).toBeVisible();
  }
});

test("somebody whose mail got lost has it sent again", async ({ merchant, page }) => {
  const account = somebody();
  await merchant.signUp(account);
  await waitForMails(account.email);
  await merchant.link("인증 메일 다시 보내기").click();
  await merchant.fill({ 이메일: account.email });
  await merchant.button("인증 메일 다시 보내기").click();
  await expect(page.getByText("가입이 진행 중인 주소라면 인증 메일을 다시 보냈습니다.", { exact: false })).toBeVisible();
  const mails = await waitForMails(account.email, 2);
  await merchant.verify(linkIn(mails[1]!));
});

test("signing up with an address that has an account looks the same, and the mail tells", async ({ merchant, page, browser }) => {
  const elsewhere = await browser.newContext();
  const account = await newMerchant(elsewhere.request);
  await merchant.signUp({ ...account, password: "완전히 다른 비밀번호 9개" });
  await expect(page).toHaveURL("/signup?sent=1");
  const mails = await waitForMails(account.email, 2);
  expect(mails[1]).toContain("이미 가입된 주소입니다");
  expect(mails[1]).not.toContain("verify-email");
  // Nothing was changed: the password is the old one.
  await merchant.logIn(account);
  await elsewhere.close();
});

test("whoever mistypes the sign-up is told beside each field and keeps what was typed", async ({ merchant, page }) => {
  await merchant.goto("/signup");
  await merchant.fill({ 이메일: "이메일 아님", 비밀번호: "짧다", "비밀번호 확인": "다르다" });
  await page.getByLabel("[선택] 마케팅 정보 수신에 동의합니다").check();
  await merchant.button("가입").click();
  await merchant.expectRefused(merchant.field("이메일"), "이메일 주소의 형식이 아닙니다");
  await merchant.expectRefused(merchant.field("비밀번호"), "10자 이상 입력해 주세요.");
  await merchant.expectRefused(merchant.field("비밀번호 확인"), "두 비밀번호가 서로 다릅니다.");
  for (const consent of ["[필수] 이용약관에 동의합니다", "[필수] 개인정보 수집 및 이용에 동의합니다"]) {
    await merchant.expectRefused(page.getByLabel(consent), "가입하려면 동의가 필요합니다.");
  }
  await expect(merchant.field("이메일")).toHaveValue("이메일 아님");
  await expect(page.getByLabel("[선택] 마케팅 정보 수신에 동의합니다")).toBeChecked();
});

test("a password that is easily guessed is refused", async ({ merchant }) => {
  await merchant.fillSignUp({ ...somebody(), password: "qwerty12345" });
  await merchant.button("가입").click();
  await merchant.expectRefused(merchant.field("비밀번호"), "쉽게 알아낼 수 있는 비밀번호입니다.");
});

test("a client that signs up again and again has to wait", async ({ merchant, page }) => {
  for (let time = 0; time < 3; time += 1) await postSignUp(page.request, somebody());
  await merchant.fillSignUp(somebody());
  await merchant.button("가입").click();
  await expect(page.getByRole("alert").filter({ hasText: "시도가 너무 많았습니다." })).toBeVisible();
});
