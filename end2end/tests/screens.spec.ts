// Pictures for the eye: SCREENS=folder npx playwright test screens. Left out otherwise.
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { addChannel } from "../support/account";
import { test } from "../support/fixtures";
import { CHANNELS, type Merchant } from "../support/merchant";

const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const INICIS = "결제창 일반/정기결제 및 API 수기/정기결제";

async function picture(page: Page, name: string) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => scrollTo(0, 0));
      const path = join(process.env.SCREENS!, `${name}-${width}-${colorScheme}-${test.info().project.name}.png`);
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function fillList(merchant: Merchant) {
  const { request } = merchant.page.context();
  const common = { mode: "test", purpose: "payment", tax: "none" };
  await addChannel(request, { ...common, provider: "ksnet", module: "ksnet", shared_mid: "2999199999" });
  await addChannel(request, { ...common, provider: "inicis", module: "inicis_v2", shared_mid: "INIBillTst" });
  await addChannel(request, { ...common, provider: "inicis", module: "inicis_unified", purpose: "identity", shared_mid: "MIIiasTest" });
  await addChannel(request, { ...common, provider: "smartro", module: "smartro_v2", name: "가".repeat(50), shared_mid: "own", mid: "m".repeat(80), "fields.merchant_key": "k", "fields.cancel_password": "1" });
  return addChannel(request, {
    mode: "live", provider: "inicis", module: "inicis_v2", name: "실연동 정기결제", purpose: "payment", tax: "taxable",
    mid: "store00001", "uses.recurring": "on", "fields.sign_key": "signkey", "fields.inilite_key": "a long inilite key of many characters",
  });
}

test.describe("pictures", { tag: "@screens" }, () => {
  test.setTimeout(120_000);

  test("of the pages before the login", async ({ merchant, page }) => {
    await merchant.goto("/login");
    await picture(page, "01-login");
    await merchant.goto("/signup");
    await merchant.fill({ 이메일: "이메일 아님", 비밀번호: "짧다", "비밀번호 확인": "다르다" });
    await merchant.button("가입").click();
    await merchant.expectRefused(merchant.field("비밀번호"), "10자");
    await picture(page, "02-sign-up-errors");
    await merchant.goto("/signup?sent=1");
    await picture(page, "03-sign-up-sent");
  });

  test("of the list and of a channel", async ({ merchant, page, account: _ }) => {
    await merchant.goto("/");
    await picture(page, "04-home");
    await merchant.goto(CHANNELS);
    await picture(page, "05-list-empty");
    const key = await fillList(merchant);
    await merchant.goto(CHANNELS);
    await picture(page, "06-list");
    await merchant.goto(`${CHANNELS}/${key}?done=added`);
    await picture(page, "09-detail");
    await merchant.openEdit(key);
    await picture(page, "10-edit");
    await merchant.goto(`${CHANNELS}/${key}/versions`);
    await picture(page, "11-versions");
  });

  test("of 채널 추가", async ({ merchant, page, account: _ }) => {
    await merchant.chooseProvider("테스트", "KG이니시스");
    await merchant.module(INICIS).check();
    await picture(page, "07-choose");
    await merchant.button("다음").click();
    await merchant.field("채널 이름").waitFor();
    await picture(page, "08-form-test");
    await merchant.chooseModule("실연동", "KG이니시스", INICIS);
    await merchant.tickUse("정기결제");
    await merchant.fill({ "채널 이름": "a/b", "PG상점아이디 (MID)": "INIpayTest" });
    await merchant.save();
    await merchant.expectRefused(merchant.field("채널 이름"), "글자");
    await picture(page, "08-form-errors");
    await merchant.chooseModule("테스트", "KSNET", KSNET);
    await merchant.chooseSharedMid("2999199999");
    await picture(page, "08-form-shared");
  });
});
