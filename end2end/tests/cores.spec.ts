// What a channel's page tells of the payment cores.
import { addChannel } from "../support/account";
import { Core } from "../support/core";
import { expect, test } from "../support/fixtures";

test("a channel's page tells which payment cores have the change, and who read its secrets", async ({ merchant, page, context, core: everyones, hydrated, account: _ }) => {
  const key = await addChannel(context.request, {
    mode: "live", provider: "ksnet", module: "ksnet", name: "하나", purpose: "payment", tax: "none", mid: "ks0001", "fields.api_key": "key",
  });
  await merchant.openChannel(key);
  const card = page.getByRole("main").locator("section").filter({ has: page.getByRole("heading", { name: "결제 코어" }) });
  await expect(card).toContainText("변경을 따르는 결제 코어가 없습니다");
  await expect(card).toContainText("조회한 결제 코어가 없습니다");
  const core = Core.create((await everyones.channel(key)).storeId);
  await core.catchUp("seoul-1");
  await merchant.openChannel(key);
  await expect(card).toContainText(/코어 1\/1 적용 · \d/);
  await merchant.button("일시중지").click();
  await expect(card).toContainText("코어 0/1 적용");
  await expect(card).toContainText("seoul-1: 아직 적용하지 않았습니다 (이벤트");
  await core.catchUp("seoul-1");
  // Alive, the page finds out by itself.
  if (!hydrated) await merchant.openChannel(key);
  await expect(card).toContainText("코어 1/1 적용");
});
