// One channel: its page, 수정, 일시중지, 삭제, 변경 이력.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const SECRETS = { merchant_key: "merchant key/+==", cancel_password: "9a8b7c" };
const LIVE = {
  mode: "live",
  provider: "smartro",
  module: "smartro_v2",
  name: "스마트로 실연동",
  purpose: "payment",
  mid: "smt000001m",
  tax: "taxable",
  "fields.merchant_key": SECRETS.merchant_key,
  "fields.cancel_password": SECRETS.cancel_password,
};

test("a merchant sees a channel with everything but its secrets", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openChannel(key);
  await expect(page.getByRole("heading", { name: LIVE.name })).toBeVisible();
  const main = page.getByRole("main");
  for (const text of [key, "실연동", "스마트로", "smt000001m", "과세", "직접 입력한 키", "사용 중", "저장됨"]) {
    await expect(main).toContainText(text);
  }
  const html = await page.content();
  for (const secret of Object.values(SECRETS)) expect(html).not.toContain(secret);
});

test("a merchant who renames a channel keeps its secrets", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openChannel(key);
  await merchant.link("수정").click();
  await expect(merchant.field("채널 이름")).toHaveValue(LIVE.name);
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  await expect(merchant.field("Key")).toHaveValue("");
  await expect(page.getByText("비워 두면 저장된 값을 그대로 씁니다.").first()).toBeVisible();
  await merchant.fill({ "채널 이름": "새 이름" });
  await merchant.chooseTax("면세");
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "새 이름" })).toBeVisible();
  const channel = await core.channel(key);
  expect(channel).toMatchObject({ version: 2, name: "새 이름", tax: "tax_free", mid: "smt000001m" });
  expect(channel.secrets).toEqual(SECRETS);
});

test("a merchant replaces one secret and keeps the other", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "거래취소 비밀번호": "654321" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  expect((await core.channel(key)).secrets).toEqual({ ...SECRETS, cancel_password: "654321" });
});

test("another MID needs its own keys", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "PG상점아이디 (MID)": "smt000099m" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("Key"), "필수 항목입니다.");
  await merchant.expectRefused(merchant.field("거래취소 비밀번호"), "필수 항목입니다.");
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("smt000099m");
  expect(await core.channel(key)).toMatchObject({ version: 1, mid: "smt000001m", secrets: SECRETS });

  await merchant.fill({ Key: "new key", "거래취소 비밀번호": "111111" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  const channel = await core.channel(key);
  expect(channel).toMatchObject({ version: 2, mid: "smt000099m" });
  expect(channel.secrets).toEqual({ merchant_key: "new key", cancel_password: "111111" });
});

test("a merchant removes an optional secret by ticking 지우기", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, {
    mode: "live", provider: "inicis", module: "inicis_v2", name: "이니시스", mid: "MOIstore01", purpose: "payment", tax: "none",
    "fields.sign_key": "sign", "fields.hash_key": "hash",
  });
  await merchant.openEdit(key);
  await page.getByRole("checkbox", { name: "지우기" }).check();
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  expect((await core.channel(key)).secrets).toEqual({ sign_key: "sign" });
});

test("a paused channel takes no payments until it is resumed", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  const { impCode } = await core.channel(key);
  await merchant.openChannel(key);
  await merchant.button("일시중지").click();
  await expect(page.getByText("일시중지했습니다")).toBeVisible();
  await expect(merchant.button("다시 사용")).toBeVisible();
  expect(await core.channel(key)).toMatchObject({ status: "paused", version: 2, secrets: SECRETS });
  expect(await core.resolve({ impCode, channelKey: key })).toMatchObject({ status: 404, body: { type: "CHANNEL_PAUSED" } });

  await merchant.button("다시 사용").click();
  await expect(page.getByText("다시 사용합니다")).toBeVisible();
  await expect(merchant.button("일시중지")).toBeVisible();
  expect(await core.resolve({ impCode, channelKey: key })).toMatchObject({ status: 200 });
  expect(await core.channel(key)).toMatchObject({ status: "active", version: 3 });
});

test("a deleted channel can be brought back as it was", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  const { impCode } = await core.channel(key);
  await merchant.openChannel(key);
  await expect(page.getByText("삭제하면 이 채널로 새 결제를 받을 수 없습니다.", { exact: false })).toBeVisible();
  await merchant.button("삭제").click();
  await expect(page.getByText("채널을 삭제했습니다")).toBeVisible();
  await expect(merchant.button("되돌리기")).toBeVisible();
  expect(await core.resolve({ impCode, channelKey: key })).toMatchObject({ status: 404, body: { type: "CHANNEL_DELETED" } });
  // Refunds go on.
  expect(await core.channel(key)).toMatchObject({ status: "archived", secrets: SECRETS });

  await merchant.button("되돌리기").click();
  await expect(page.getByText("채널을 되돌렸습니다")).toBeVisible();
  expect(await core.channel(key)).toMatchObject({ status: "active", secrets: SECRETS });
  await merchant.goto(`${CHANNELS}?mode=live`);
  await expect(merchant.listed()).toHaveText([LIVE.name]);
});

test("a deleted channel leaves the list and frees its name, and comes back only when the name is free", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openChannel(key);
  await merchant.button("삭제").click();
  await expect(page.getByText("채널을 삭제했습니다")).toBeVisible();
  await merchant.goto(`${CHANNELS}?mode=live`);
  await expect(page.getByText("등록된 채널이 없습니다")).toBeVisible();
  await addChannel(context.request, LIVE);
  await merchant.openChannel(key);
  await merchant.button("되돌리기").click();
  await expect(page.getByText("같은 이름의 채널이 있어서 되돌릴 수 없습니다.", { exact: false })).toBeVisible();
});

test("a merchant reads what was changed when and by whom", async ({ merchant, page, context, account }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째 이름" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await merchant.button("일시중지").click();
  await expect(page.getByText("일시중지했습니다")).toBeVisible();
  await merchant.link("변경 이력").click();
  await expect(page.getByRole("heading", { name: "둘째 이름 · 변경 이력" })).toBeVisible();
  const lines = page.getByRole("main").getByRole("listitem");
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toContainText("버전 3");
  await expect(lines.nth(0)).toContainText("일시중지");
  await expect(lines.nth(1)).toContainText("둘째 이름");
  await expect(lines.nth(2)).toContainText(LIVE.name);
  await expect(lines.nth(2)).toContainText(account.email);
});

test("the payment core still reads the version that a payment used", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ Key: "second key" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  expect((await core.channel(key)).secrets).toEqual({ ...SECRETS, merchant_key: "second key" });
  expect((await core.channel(key, 1)).secrets).toEqual(SECRETS);
});
