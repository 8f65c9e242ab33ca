// 채널 관리: the list.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const LIVE_SMARTRO = { mode: "live", provider: "smartro", module: "smartro_v2", purpose: "payment", tax: "none" };

test("a merchant without channels is shown the way to the first one", async ({ merchant, page, account: _ }) => {
  await merchant.goto(CHANNELS);
  await expect(page.getByRole("heading", { name: "등록된 채널이 없습니다" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "채널 추가" }).last().click();
  await expect(page.getByRole("heading", { name: "채널 추가" })).toBeVisible();
  await expect(page.getByRole("radio", { name: "테스트", exact: true })).toBeChecked();
});

test("a merchant switches between test and live channels", async ({ merchant, page, context, account: _ }) => {
  await addChannel(context.request, { mode: "test", provider: "ksnet", module: "ksnet", name: "시험용", shared_mid: "2999199999" });
  await addChannel(context.request, { ...LIVE_SMARTRO, name: "진짜", mid: "smt1m", "fields.merchant_key": "k", "fields.cancel_password": "1" });
  await merchant.goto(CHANNELS);
  await expect(merchant.listed()).toHaveText(["시험용"]);
  const modes = page.getByRole("navigation", { name: "연동 모드" });
  await modes.getByRole("link", { name: "실연동" }).click();
  await expect(merchant.listed()).toHaveText(["진짜"]);
  await expect(modes.getByRole("link", { name: "실연동" })).toHaveAttribute("aria-current", "true");
  await expect(page).toHaveURL(`${CHANNELS}?mode=live`);
  await modes.getByRole("link", { name: "테스트" }).click();
  await expect(merchant.listed()).toHaveText(["시험용"]);
});

test("a merchant with many channels pages through them, the newest first, and searches", async ({ merchant, page, context, account: _ }) => {
  const name = (n: number) => `채널 ${String(n).padStart(2, "0")}`;
  for (let n = 1; n <= 23; n += 1) {
    const fields = { "fields.merchant_key": "key", "fields.cancel_password": "123456" };
    await addChannel(context.request, { ...LIVE_SMARTRO, name: name(n), mid: `smt${n}m`, ...fields });
  }
  const all = Array.from({ length: 23 }, (_, index) => name(23 - index));
  await merchant.goto(`${CHANNELS}?mode=live`);
  await expect(merchant.listed()).toHaveText(all.slice(0, 20));
  const pager = page.getByRole("navigation", { name: "페이지" });
  await expect(pager).toContainText("전체 23");
  await pager.getByText("다음", { exact: true }).click();
  await expect(merchant.listed()).toHaveText(all.slice(20));
  await expect(page).toHaveURL(`${CHANNELS}?mode=live&page=2`);
  await pager.getByText("이전", { exact: true }).click();
  await expect(merchant.listed()).toHaveText(all.slice(0, 20));

  const search = async (words: string) => {
    await page.getByRole("searchbox", { name: "통합검색" }).fill(words);
    await page.getByRole("searchbox", { name: "통합검색" }).press("Enter");
  };
  await search("채널 07");
  await expect(merchant.listed()).toHaveText(["채널 07"]);
  await expect(page.getByRole("searchbox", { name: "통합검색" })).toHaveValue("채널 07");
  await search("SMT11M");
  await expect(merchant.listed()).toHaveText(["채널 11"]);
  await search("스마트로");
  await expect(merchant.listed()).toHaveText(all.slice(0, 20));
  await pager.getByText("다음", { exact: true }).click();
  await expect(merchant.listed()).toHaveText(all.slice(20));
  await search("100%_없음");
  await expect(page.getByRole("heading", { name: "찾는 채널이 없습니다" })).toBeVisible();
  await search("");
  await expect(merchant.listed()).toHaveText(all.slice(0, 20));
});

test("a merchant sees a channel's row with mode, purpose, provider, MID and status", async ({ merchant, page, context, account: _ }) => {
  await addChannel(context.request, {
    mode: "test", provider: "inicis", module: "inicis_unified", name: "본인 확인", purpose: "identity", shared_mid: "MIIiasTest",
  });
  await merchant.goto(CHANNELS);
  const row = page.getByRole("main").getByRole("listitem").getByRole("link");
  for (const text of ["테스트", "본인인증", "KG이니시스", "본인 확인", "MIIiasTest", "사용 중"]) await expect(row).toContainText(text);
  await row.click();
  await expect(page.getByRole("heading", { name: "본인 확인" })).toBeVisible();
});

test("a merchant finds the store id in the header of every page", async ({ merchant, page, account: _ }) => {
  for (const path of ["/", CHANNELS, `${CHANNELS}/new`]) {
    await merchant.goto(path);
    const store = page.getByRole("region", { name: "현재 상점" });
    await expect(store.getByText(/^store-[0-9a-f-]{36}$/)).toBeVisible();
    await expect(store.getByText("대표 상점", { exact: true })).toBeVisible();
  }
});
