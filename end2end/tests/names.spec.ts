// 채널 이름 that the console suggests for a shared test MID.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";

const MODULE = "결제창 일반결제 및 API 수기/정기결제";
const SUGGESTED = "KSNET 결제창 방식 일반 단건 결제";
const SHARED = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999" };

test("a merchant who names no channel gets the name of the shared test MID", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", MODULE);
  await merchant.chooseSharedMid("2999199999");
  await expect(merchant.field("채널 이름")).toHaveValue(merchant.hydrated ? SUGGESTED : "");
  const key = await merchant.saveNew();
  expect((await core.channel(key)).name).toBe(SUGGESTED);
});

test("a second channel of a shared test MID gets the same name with a 2", async ({ merchant, core, context, account: _ }) => {
  await addChannel(context.request, SHARED);
  await merchant.chooseModule("테스트", "KSNET", MODULE);
  await merchant.chooseSharedMid("2999199999");
  const key = await merchant.saveNew();
  expect((await core.channel(key)).name).toBe(`${SUGGESTED} 2`);
});

test("a name that the merchant typed stays, whatever MID is chosen", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", MODULE);
  await merchant.fill({ "채널 이름": "KCP 정기결제용" });
  await merchant.chooseSharedMid("2999199999");
  await merchant.chooseSharedMid("2999199990");
  await expect(merchant.field("채널 이름")).toHaveValue("KCP 정기결제용");
  const key = await merchant.saveNew();
  expect(await core.channel(key)).toMatchObject({ name: "KCP 정기결제용", mid: "2999199990" });
});

test("a name is stored with single spaces and without those at its ends", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", MODULE);
  await merchant.fill({ "채널 이름": "  KCP   정기  결제_용-1 " });
  await merchant.chooseSharedMid("2999199999");
  const key = await merchant.saveNew();
  expect((await core.channel(key)).name).toBe("KCP 정기 결제_용-1");
});
