// 변경 이력 of a channel: what each version changed, by whom and why, and going back to one.
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

test("a merchant sees what a version changed, and of a key only that it was replaced", async ({ merchant, page, context, account }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째 이름", "거래취소 비밀번호": "654321" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await merchant.goto(`${CHANNELS}/${key}/versions`);
  const newest = page.getByRole("main").getByRole("listitem").first();
  for (const text of ["버전 2", "현재", "채널 이름", LIVE.name, "둘째 이름", "거래취소 비밀번호", "다른 값으로 바뀜", account.email, "방금"]) {
    await expect(newest).toContainText(text);
  }
  const html = await page.content();
  for (const secret of [...Object.values(SECRETS), "654321"]) expect(html).not.toContain(secret);
});

test("a merchant goes back to an older version after seeing what that changes, and its keys come along", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째 이름", "PG상점아이디 (MID)": "smt000099m", Key: "new key", "거래취소 비밀번호": "111111" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await merchant.goto(`${CHANNELS}/${key}/versions`);
  await merchant.link("이 버전으로 되돌리기").click();
  await expect(page.getByRole("heading", { name: "되돌리면 이렇게 바뀝니다" })).toBeVisible();
  const main = page.getByRole("main");
  for (const text of ["둘째 이름", LIVE.name, "smt000099m", "smt000001m", "다른 값으로 바뀜"]) await expect(main).toContainText(text);
  await merchant.alive();
  await merchant.field("사유").fill("PG사에서 이전 상점아이디를 다시 열어 줌");
  await merchant.button("이 버전으로 되돌리기").click();
  await expect(page.getByText("이전 버전의 내용으로 되돌렸습니다")).toBeVisible();
  expect(await core.channel(key)).toMatchObject({ version: 3, name: LIVE.name, mid: "smt000001m", secrets: SECRETS });
  await merchant.goto(`${CHANNELS}/${key}/versions`);
  const newest = main.getByRole("listitem").first();
  for (const text of ["버전 3", "되돌린 버전 1", "PG사에서 이전 상점아이디를 다시 열어 줌"]) await expect(newest).toContainText(text);
});

test("a name that another channel has by now is told beside it, and the rest can still come back", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째 이름", Key: "second key" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await addChannel(context.request, LIVE);
  await merchant.goto(`${CHANNELS}/${key}/versions/1`);
  await expect(page.getByText("지금은 다른 채널이 쓰는 이름입니다.", { exact: false })).toBeVisible();
  const reason = "사유는 남아 있어야 합니다";
  await merchant.field("사유").fill(reason);
  await merchant.button("이 버전으로 되돌리기").click();
  await expect(page.getByText("같은 이름의 채널이 있어서 되돌릴 수 없습니다.", { exact: false })).toBeVisible();
  await expect(merchant.field("사유")).toHaveValue(reason);
  await merchant.alive();
  await page.getByRole("checkbox", { name: /채널 이름은 지금 것을 그대로 둡니다/ }).check();
  await merchant.button("이 버전으로 되돌리기").click();
  await expect(page.getByText("이전 버전의 내용으로 되돌렸습니다")).toBeVisible();
  expect(await core.channel(key)).toMatchObject({ name: "둘째 이름", secrets: SECRETS });
});

test("somebody who saved meanwhile is told before anything is overwritten", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째 이름" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  await merchant.goto(`${CHANNELS}/${key}/versions/1`);
  const other = await context.request.post("/api/channels/move", {
    form: { key, to: "pause" },
    headers: { accept: "text/html", origin: new URL(page.url()).origin, referer: page.url() },
    maxRedirects: 0,
  });
  expect(other.status()).toBe(302);
  await merchant.button("이 버전으로 되돌리기").click();
  await expect(page.getByText("다른 사람이 먼저 저장했습니다", { exact: false }).first()).toBeVisible();
});
