// What only a page without JavaScript must do: it forgets everything but what the server keeps for it.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";

const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";

test("a refused form keeps public values in sight and secrets out of it, and saving again uses them", async ({ merchant, page, core, account: _ }) => {
  const secrets = { merchant_key: "Unseen-Merchant-Key-0123456789", cancel_password: "c0ncel" };
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.tickUse("정기결제");
  await merchant.fill({
    "채널 이름": "잘못된/이름",
    "PG상점아이디 (MID)": "smt000001m",
    Key: secrets.merchant_key,
    "거래취소 비밀번호": secrets.cancel_password,
    "ssp Mall ID": "smt000001p",
  });
  await merchant.chooseTax("면세");
  await merchant.save();

  await merchant.expectRefused(merchant.field("채널 이름"), "글자, 숫자, 공백, _, - 만 쓸 수 있습니다.");
  await expect(merchant.field("채널 이름")).toHaveValue("잘못된/이름");
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("smt000001m");
  await expect(merchant.field("ssp Mall ID")).toHaveValue("smt000001p");
  await expect(page.getByRole("checkbox", { name: "정기결제", exact: true })).toBeChecked();
  await expect(page.getByRole("radio", { name: "면세", exact: true })).toBeChecked();
  for (const label of ["Key", "거래취소 비밀번호"]) {
    await expect(merchant.field(label)).toHaveValue("");
    const field = page.locator(".field").filter({ has: merchant.field(label) }).last();
    await expect(field).toContainText("입력한 값을 보관했습니다");
  }
  const html = await (await page.request.get(page.url())).text();
  for (const secret of Object.values(secrets)) {
    expect(html).not.toContain(secret);
    expect(page.url()).not.toContain(secret);
  }

  await merchant.fill({ "채널 이름": "바른 이름" });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ name: "바른 이름", tax: "tax_free", uses: ["recurring"], fields: { ssp_mall_id: "smt000001p" } });
  expect(channel.secrets).toEqual(secrets);
});

test("a kept secret that is typed anew is replaced", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "/", "PG상점아이디 (MID)": "smt1m", Key: "first", "거래취소 비밀번호": "111111" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "글자");
  await merchant.fill({ "채널 이름": "이름", Key: "second" });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel.secrets).toEqual({ merchant_key: "second", cancel_password: "111111" });
});

test("a refused edit keeps the secrets that were typed, apart from those that are stored", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, {
    mode: "live", provider: "smartro", module: "smartro_v2", name: "실연동", mid: "smt1m", purpose: "payment", tax: "none",
    "fields.merchant_key": "stored key", "fields.cancel_password": "123456",
  });
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "a/b", Key: "typed key" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "글자");
  expect(await page.content()).not.toContain("typed key");
  await merchant.fill({ "채널 이름": "이름" });
  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  expect((await core.channel(key)).secrets).toEqual({ merchant_key: "typed key", cancel_password: "123456" });
});

test("a draft does not follow the merchant into the next channel", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "/", "PG상점아이디 (MID)": "smt1m", Key: "first", "거래취소 비밀번호": "111111" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "글자");
  await merchant.fill({ "채널 이름": "이름" });
  await merchant.saveNew();
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await expect(merchant.field("채널 이름")).toHaveValue("");
  await expect(page.getByText("입력한 값을 보관했습니다")).toHaveCount(0);
});

test("a password typed into a refused sign-up or login is nowhere in the answer", async ({ merchant, page }) => {
  const password = "틀린 비밀번호 열두 글자";
  await merchant.goto("/login");
  await merchant.submitLogIn("nobody@merchant.example", password);
  await expect(page.getByRole("alert").first()).toBeVisible();
  expect(await page.content()).not.toContain(password);
  expect(decodeURIComponent(page.url())).not.toContain(password);
});
