// 상점: sub-stores, their channels, and a member who is limited to one.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS, Merchant } from "../support/merchant";
import { addStore, newMember } from "../support/team";

const LIVE = {
  mode: "live", provider: "smartro", module: "smartro_v2", purpose: "payment", tax: "none",
  "fields.merchant_key": "key", "fields.cancel_password": "123456",
};

test.use({ refusals: [/^\/integration\//] });

test("a sub-store is added, told when its code is taken, and renamed", async ({ merchant, page, account: _ }) => {
  await merchant.goto("/stores");
  await merchant.fill({ "상점 이름": "강남점", "하위 상점 코드 (tier code)": "GN1" });
  await merchant.button("하위 상점 추가").click();
  await expect(page.getByText("하위 상점을 추가했습니다")).toBeVisible();
  const line = page.getByRole("main").getByRole("listitem").filter({ hasText: "GN1" });
  await expect(line).toContainText(/강남점.*store-[0-9a-f-]{36}/s);
  await merchant.goto("/stores");
  await page.locator("#store-name").fill("역삼점");
  await merchant.fill({ "하위 상점 코드 (tier code)": "GN1" });
  await merchant.button("하위 상점 추가").click();
  await merchant.expectRefused(merchant.field("하위 상점 코드 (tier code)"), "다른 하위 상점이 쓰는 코드입니다");
  await expect(page.locator("#store-name")).toHaveValue("역삼점");
  await line.locator("summary").click();
  const name = page.locator("input[id^=name-store-]");
  await name.fill("가".repeat(51));
  await line.getByRole("button", { name: "저장" }).click();
  // Beside the store's own field, and what was typed is still there.
  await merchant.expectRefused(name, "50자");
  await expect(name).toHaveValue("가".repeat(51));
  await name.fill("선릉점");
  await line.getByRole("button", { name: "저장" }).click();
  await expect(page.getByText("상점 이름을 바꿨습니다")).toBeVisible();
  await expect(line).toContainText("선릉점");
});

test("a channel given to a sub-store is seen from there, and the core finds it by the store", async ({ merchant, page, context, core, account: _ }) => {
  const store = await addStore(context.request, "강남점", "GN1");
  await addChannel(context.request, { ...LIVE, name: "대표 채널", mid: "smt1m" });
  const key = await addChannel(context.request, { ...LIVE, name: "강남 채널", mid: "smt2m" });
  await merchant.openChannel(key);
  await page.locator("#assign-store").selectOption({ label: "강남점 (GN1)" });
  await merchant.button("상점 지정").click();
  await expect(page.getByText("상점을 지정했습니다")).toBeVisible();
  await merchant.goto(`${CHANNELS}?mode=live`);
  await expect(merchant.listed()).toHaveText(["강남 채널", "대표 채널"]);
  await page.getByLabel("상점 선택").selectOption({ label: "강남점" });
  await merchant.button("이동").click();
  await expect(page).toHaveURL(new RegExp(`store=${store}`));
  await expect(merchant.listed()).toHaveText(["강남 채널"]);
  // The choice goes along.
  await merchant.link("테스트").click();
  await expect(page).toHaveURL(new RegExp(`mode=test.*store=${store}`));
  await merchant.link("실연동").click();
  await page.getByRole("link", { name: /강남 채널/ }).click();
  await expect(page.getByRole("heading", { name: "강남 채널" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`store=${store}`));
  await expect(page.getByRole("region", { name: "현재 상점" })).toContainText("강남점");
  expect(await core.channel(key)).toMatchObject({ storeId: store, version: 2 });
});

test("a channel is added for a sub-store", async ({ merchant, page, context, core, account: _ }) => {
  const store = await addStore(context.request, "강남점", "GN1");
  await merchant.goto(`${CHANNELS}/new?mode=live&provider=smartro&module=smartro_v2&store=${store}`);
  await expect(page.getByLabel("사용할 상점")).toHaveValue(store);
  await merchant.fill({ "채널 이름": "강남 채널", "PG상점아이디 (MID)": "smt1m", Key: "key", "거래취소 비밀번호": "123456" });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel.storeId).toBe(store);
  await expect(page).toHaveURL(new RegExp(`store=${store}`));
});

test("a member limited to a sub-store sees its channels and no others", async ({ context, browser, hydrated, account: _ }) => {
  const store = await addStore(context.request, "강남점", "GN1");
  const primary = await addChannel(context.request, { ...LIVE, name: "대표 채널", mid: "smt1m" });
  await addChannel(context.request, { ...LIVE, name: "강남 채널", mid: "smt2m", store });
  const member = await newMember(browser, context.request, "manager", hydrated, store);
  const manager = new Merchant(member.page, hydrated);
  await manager.goto(`${CHANNELS}?mode=live`);
  await expect(manager.listed()).toHaveText(["강남 채널"]);
  await expect(member.page.getByRole("region", { name: "현재 상점" })).toContainText(store);
  const answer = await manager.openChannel(primary);
  expect(answer!.status()).toBe(404);
  await member.context.close();
});
