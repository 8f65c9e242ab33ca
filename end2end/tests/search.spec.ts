// 검색: the page that works everywhere, and the dialog and keys where JavaScript runs.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999" };

test("a merchant finds a channel by any part of its name, and the page that does something", async ({ merchant, page, context, account: _ }) => {
  await addChannel(context.request, { ...KSNET, name: "가을 정기결제" });
  await addChannel(context.request, { ...KSNET, name: "겨울 단건" });
  await merchant.goto("/search");
  const input = page.getByRole("searchbox", { name: "채널과 화면 검색" });
  await input.fill("기결");
  await input.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(merchant.listed()).toHaveText(["가을 정기결제"]);
  await input.fill("API Secret");
  await input.press("Enter");
  await page.getByRole("main").getByRole("link", { name: "새로운 API Secret 발급" }).click();
  await expect(page).toHaveURL("/integration/keys/v2/new");
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "채널과 화면 검색" })).toHaveValue("API Secret");
  await merchant.goto("/search?q=100%25_없음");
  await expect(page.getByRole("heading", { name: "찾는 것이 없습니다" })).toBeVisible();
});

test("what was found, filtered and paged through is still there after going back", async ({ merchant, page, context, account: _ }) => {
  await addChannel(context.request, { ...KSNET, name: "가을 정기결제" });
  await addChannel(context.request, { ...KSNET, name: "겨울 단건" });
  await merchant.goto(`${CHANNELS}?mode=test&q=가을`);
  await expect(merchant.listed()).toHaveText(["가을 정기결제"]);
  await page.getByRole("link", { name: /가을 정기결제/ }).click();
  await expect(page.getByRole("heading", { name: "가을 정기결제" })).toBeVisible();
  await page.goBack();
  await expect(merchant.listed()).toHaveText(["가을 정기결제"]);
  await expect(page.getByRole("searchbox", { name: "통합검색" })).toHaveValue("가을");
});

test.describe("by keyboard", () => {
  test.beforeEach(({ merchant }) => test.skip(!merchant.hydrated, "there are no shortcuts without JavaScript"));

  test("a merchant opens the search by key, goes to what was found, and closes it by Escape", async ({ merchant, page, context, account: _ }) => {
    await addChannel(context.request, { ...KSNET, name: "가을 정기결제" });
    await merchant.goto("/");
    const dialog = page.getByRole("dialog", { name: "채널과 화면 검색" });
    const input = dialog.getByRole("searchbox");
    for (const key of ["/", "Control+k", "Meta+k"]) {
      await page.keyboard.press(key);
      await expect(input).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
    }
    await page.keyboard.press("/");
    await page.keyboard.type("정기");
    await expect(dialog.getByRole("link", { name: /가을 정기결제/ })).toBeVisible();
    await expect(input).toHaveValue("정기");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "가을 정기결제" })).toBeVisible();
    await expect(dialog).toBeHidden();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("상점");
    await page.keyboard.press("ArrowDown");
    await expect(dialog.getByRole("link").first()).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await expect(input).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await expect(dialog.getByRole("link").first()).toBeFocused();
  });

  test("a key that is typed into a form opens nothing", async ({ merchant, page, account: _ }) => {
    await merchant.goto(CHANNELS);
    const search = page.getByRole("searchbox", { name: "통합검색" });
    await search.focus();
    await page.keyboard.type("a/?");
    await expect(search).toHaveValue("a/?");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  test("a merchant asks for the keys, and turns those of one letter off", async ({ merchant, page, account: _ }) => {
    await merchant.goto("/");
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "단축키" });
    await expect(keys).toContainText("검색 열기");
    await page.keyboard.press("Escape");
    await expect(keys).toBeHidden();
    await page.getByRole("button", { name: "단축키", exact: true }).click();
    await keys.getByRole("button", { name: "한 글자 단축키 끄기" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-keys", "off");
    await merchant.alive();
    await page.keyboard.press("?");
    await page.keyboard.press("/");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "채널과 화면 검색" })).toBeVisible();
  });

  test("what takes longer than a moment shows that it is under way", async ({ merchant, page, account: _ }) => {
    await merchant.goto("/");
    let answer = () => {};
    const held = new Promise<void>((resolve) => { answer = resolve; });
    await page.route("**/api/team/list", async (route) => {
      await held;
      await route.continue();
    });
    const bar = () => page.evaluate(() => {
      const style = getComputedStyle(document.documentElement, "::before");
      return style.content === "none" ? 0 : Number(style.opacity);
    });
    expect(await bar()).toBe(0);
    await page.getByRole("navigation", { name: "주 메뉴" }).getByRole("link", { name: "팀", exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("data-busy", "");
    await expect.poll(bar).toBe(1);
    answer();
    await expect(page.locator("html")).not.toHaveAttribute("data-busy", "");
  });
});
