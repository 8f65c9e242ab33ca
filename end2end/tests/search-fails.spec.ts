// The search dialog on a bad day: it says what failed and how to go on, and never that there is nothing.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";

test.skip(({ hydrated }) => !hydrated, "the dialog is a script");

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999" };

test("whose session is over is told so, and finds what was looked for after the login", async ({ merchant, page, context, account }) => {
  await addChannel(context.request, { ...KSNET, name: "가을 정기결제" });
  await merchant.goto("/");
  await context.clearCookies();
  await page.keyboard.press("/");
  await page.keyboard.type("가을");
  const dialog = page.getByRole("dialog", { name: "채널과 화면 검색" });
  const alert = dialog.getByRole("alert");
  await expect(alert).toContainText("채널을 찾지 못했습니다");
  await expect(alert).toContainText("로그인이 끝났습니다");
  await expect(dialog).not.toContainText("찾는 것이 없습니다");
  await alert.getByRole("link", { name: "로그인" }).click();
  await merchant.submitLogIn(account.email, account.password);
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(merchant.listed()).toHaveText(["가을 정기결제"]);
});

test("a search that nobody answers is asked again", async ({ merchant, page, context, account: _ }) => {
  await addChannel(context.request, { ...KSNET, name: "가을 정기결제" });
  await merchant.goto("/");
  // What a proxy answers while the console is away.
  await page.route("**/api/search", (route) => route.fulfill({ status: 418, body: "away" }));
  await page.keyboard.press("/");
  await page.keyboard.type("가을");
  const dialog = page.getByRole("dialog", { name: "채널과 화면 검색" });
  await expect(dialog.getByRole("alert")).toContainText("채널을 찾지 못했습니다");
  await expect(dialog).not.toContainText("찾는 것이 없습니다");
  await page.unroute("**/api/search");
  await dialog.getByRole("button", { name: "다시 찾기" }).click();
  await expect(dialog.getByRole("link", { name: /가을 정기결제/ })).toBeVisible();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
});

test("what nobody has answered yet is not said to be nothing", async ({ merchant, page, account: _ }) => {
  await merchant.goto("/");
  let answer = () => {};
  const held = new Promise<void>((resolve) => { answer = resolve; });
  await page.route("**/api/search", async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press("/");
  const asked = page.waitForRequest("**/api/search");
  await page.keyboard.type("없는채널");
  await asked;
  const dialog = page.getByRole("dialog", { name: "채널과 화면 검색" });
  await expect(dialog).not.toContainText("찾는 것이 없습니다");
  answer();
  await expect(dialog).toContainText("찾는 것이 없습니다");
});
