// A channel's page: its keys' state and comparing, strings and examples for code, what deleting does, 복제.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const LONG = "INIAPI-key-0123456789abcdef";
const INICIS = {
  mode: "live", provider: "inicis", module: "inicis_v2", name: "이니시스", mid: "MOIstore01", purpose: "payment", tax: "none",
  "fields.sign_key": LONG,
};

test("a merchant sees when and by whom a key was set, and asks whether a value is the stored one", async ({ merchant, page, context, account }) => {
  const key = await addChannel(context.request, INICIS);
  await merchant.openChannel(key);
  const main = page.getByRole("main");
  await expect(main).toContainText(account.email);
  await expect(main).toContainText("지문");
  const ask = async (value: string) => {
    await page.getByText("이 값과 같은지 확인").click();
    await page.getByLabel("비교할 값").fill(value);
    await merchant.button("확인").click();
  };
  await ask("another-value-that-is-not-stored");
  await expect(page.getByText("저장된 값과 다릅니다")).toBeVisible();
  expect(await page.content()).not.toContain("another-value-that-is-not-stored");
  await merchant.openChannel(key);
  await ask(LONG);
  await expect(page.getByText("저장된 값과 같습니다")).toBeVisible();
  expect(await page.content()).not.toContain(LONG);
  // A link that somebody else wrote says nothing.
  await merchant.goto(`${CHANNELS}/${key}?compared=hash_key`);
  await expect(page.getByText("저장된 값과 같습니다")).toHaveCount(0);
});

test("a developer copies the strings for code, with the ids of this merchant", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, {
    mode: "test", provider: "ksnet", module: "ksnet", name: "시험", shared_mid: "2999199999", purpose: "payment", tax: "none",
  });
  const { impCode, storeId } = await core.channel(key);
  await merchant.openChannel(key);
  const main = page.getByRole("main");
  for (const line of [`IMP.init("${impCode}")`, 'pg: "ksnet.2999199999"', `channelKey: "${key}"`, `storeId: "${storeId}"`]) {
    await expect(main.getByText(line, { exact: true }).first()).toBeVisible();
  }
  await page.getByText("V1 · 결제창 열기").click();
  await expect(main).toContainText("IMP.request_pay(");
  await page.getByText("V2 · 결제창 열기").click();
  await expect(main).toContainText("PortOne.requestPayment({");
  await expect(page.getByText("빌링키 발급 (정기결제)", { exact: false })).toHaveCount(0);
});

test("before deleting a merchant reads what it does, and can take it back right after", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, INICIS);
  await merchant.openChannel(key);
  for (const text of ["삭제하는 즉시 거절됩니다", "다른 채널이 쓸 수 있습니다", "조회와 환불은 계속됩니다", "결제 코어에는 바로 전해집니다", "30일 안에는 이 페이지에서"]) {
    await expect(page.getByText(text, { exact: false }).first()).toBeVisible();
  }
  await merchant.button("삭제").click();
  await expect(merchant.button("되돌리기")).toBeVisible();
  await merchant.button("되돌리기").click();
  await expect(page.getByText("채널을 되돌렸습니다")).toBeVisible();
});

test("a copied channel has everything but the keys and a name that is free", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, { ...INICIS, tax: "taxable" });
  await merchant.openChannel(key);
  await merchant.link("복제").click();
  await expect(page.getByText("다른 채널에서 가져온 내용입니다")).toBeVisible();
  await merchant.alive();
  await expect(merchant.field("채널 이름")).toHaveValue("이니시스 2");
  await expect(page.getByRole("radio", { name: "과세", exact: true })).toBeChecked();
  expect(await page.content()).not.toContain(LONG);
  await merchant.save();
  // Refused: the key was not copied. Nothing typed is lost.
  await expect(page.getByText("필수 항목입니다.").first()).toBeVisible();
  await expect(merchant.field("채널 이름")).toHaveValue("이니시스 2");
  await merchant.alive();
  await page.locator("#field-sign_key").fill("a-key-of-its-own");
  const copy = await merchant.saveNew();
  expect(copy).not.toBe(key);
  expect(await core.channel(copy)).toMatchObject({ name: "이니시스 2", mid: "MOIstore01", tax: "taxable", secrets: { sign_key: "a-key-of-its-own" } });
});
