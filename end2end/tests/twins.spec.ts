// 테스트 │ 실연동: pairing, the two side by side, 실연동으로 올리기.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const KEYS = { merchant_key: "live merchant key 0123456789", cancel_password: "9a8b7c" };
const TEST = {
  mode: "test", provider: "smartro", module: "smartro_v2", name: "스마트로 시험", purpose: "payment", mid: "smt000001t", tax: "taxable",
  "fields.merchant_key": "test merchant key 0123456789", "fields.cancel_password": "111111",
};
const LIVE = {
  ...TEST, mode: "live", name: "스마트로 판매", mid: "smt000001m",
  "fields.merchant_key": KEYS.merchant_key, "fields.cancel_password": KEYS.cancel_password,
};

test("a merchant pairs a test channel with its live one and sees what differs", async ({ merchant, page, context, account: _ }) => {
  const tested = await addChannel(context.request, TEST);
  await addChannel(context.request, LIVE);
  await merchant.openChannel(tested);
  await merchant.link("테스트 │ 실연동").click();
  await expect(page.getByRole("heading", { name: "짝이 되는 실연동 채널이 없습니다" })).toBeVisible();
  await merchant.alive();
  await merchant.button("짝짓기").click();
  await expect(page.getByText("테스트와 실연동 채널을 짝지었습니다")).toBeVisible();
  const row = (label: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: label, exact: true }) });
  await expect(row("결제 모듈")).toContainText("같음");
  await expect(row("PG상점아이디 (MID)")).toContainText("다름");
  await expect(row("Key")).toContainText("다름");
  await expect(row("거래취소 비밀번호")).toContainText("둘 다 저장됨");
  const html = await page.content();
  for (const secret of [...Object.values(KEYS), "test merchant key 0123456789"]) expect(html).not.toContain(secret);
  await merchant.alive();
  await merchant.button("짝 풀기").click();
  await expect(page.getByText("짝을 풀었습니다")).toBeVisible();
});

test("a merchant promotes a test channel by entering only what the live one needs", async ({ merchant, page, context, core, account: _ }) => {
  const tested = await addChannel(context.request, TEST);
  await merchant.goto(`${CHANNELS}/${tested}/twin`);
  await merchant.link("실연동으로 올리기").click();
  await expect(page.getByRole("heading", { name: "남은 것" })).toBeVisible();
  await merchant.alive();
  const needed = page.locator("dt", { hasText: "입력해야 합니다" }).locator("xpath=following-sibling::dd[1]").getByRole("listitem");
  await expect(needed).toHaveText(["PG상점아이디 (MID)", "Key", "거래취소 비밀번호"]);
  await expect(merchant.field("채널 이름")).toHaveValue(TEST.name);
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("");

  // One of the three is forgotten: what was typed is kept, and the key is not shown.
  await merchant.fill({ "PG상점아이디 (MID)": "smt000001m", Key: KEYS.merchant_key });
  await merchant.button("실연동으로 올리기").click();
  await merchant.expectRefused(merchant.field("거래취소 비밀번호"), "필수 항목입니다.");
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  await merchant.alive();
  await merchant.fill({ "거래취소 비밀번호": KEYS.cancel_password });
  await merchant.button("실연동으로 올리기").click();
  await expect(page.getByText("채널을 추가했습니다")).toBeVisible();
  const live = await merchant.shownKey();
  expect(await core.channel(live)).toMatchObject({ mode: "live", name: TEST.name, mid: "smt000001m", tax: "taxable", secrets: KEYS });
  await merchant.goto(`${CHANNELS}/${live}/twin`);
  await expect(page.getByRole("link", { name: TEST.name })).toHaveCount(2);
});

test("promoting again changes the live channel and keeps the keys it has", async ({ merchant, page, context, core, account: _ }) => {
  const tested = await addChannel(context.request, TEST);
  const live = await addChannel(context.request, LIVE);
  await merchant.goto(`${CHANNELS}/${tested}/twin`);
  await merchant.button("짝짓기").click();
  await expect(page.getByText("테스트와 실연동 채널을 짝지었습니다")).toBeVisible();
  await merchant.goto(`${CHANNELS}/${tested}/promote`);
  await expect(page.getByText("더 입력할 것이 없습니다.", { exact: false })).toBeVisible();
  await merchant.fill({ "채널 이름": "스마트로 새 판매" });
  await merchant.button("실연동으로 올리기").click();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  expect(await core.channel(live)).toMatchObject({ version: 2, name: "스마트로 새 판매", secrets: KEYS });
});
