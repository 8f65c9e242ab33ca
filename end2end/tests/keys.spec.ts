// 식별코드 · API Keys: what shows a secret shows it once.
import { expect, test } from "../support/fixtures";
import { confirm, issue, KEYS, shownSecret, V2, withPassword } from "../support/keys";
import { waitForMails } from "../support/mail";

test("a merchant issues a secret, sees it once, rolls it, revokes it, and it is refused", async ({ merchant, page, core, account }) => {
  await merchant.goto(KEYS);
  await merchant.link("V2 API").click();
  await expect(page.getByRole("heading", { name: "발급된 V2 API Secret이 없습니다" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "새로운 API Secret 발급" }).first().click();
  await expect(page.getByRole("radio", { name: "1년" })).toBeChecked();
  await merchant.fill({ "Secret 이름": "결제 서버" });
  await merchant.button("생성").click();
  const first = await shownSecret(page);
  expect(first).toMatch(/^chv2_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
  await page.getByText("바로 쓰기").click();
  await expect(page.locator("#env")).toContainText(/^STORE_ID=store-[0-9a-f-]{36}/);
  await expect(page.locator("#curl")).toContainText(`Authorization: PortOne ${first}`);
  expect(await core.verify({ apiSecret: first })).toMatchObject({
    status: 200,
    body: { kind: "v2", scopes: ["channels:read", "channels:write", "payments"] },
  });

  await page.reload();
  await expect(page.getByRole("heading", { name: "이미 표시되었습니다" })).toBeVisible();
  expect(await page.content()).not.toContain(first);
  await merchant.button("목록으로").click();
  await merchant.alive();
  await expect(page.getByRole("listitem").filter({ hasText: "결제 서버" })).toHaveCount(1);
  await expect(page.getByRole("listitem").filter({ hasText: "결제 서버" })).toContainText(first.slice(0, 17));

  await merchant.link("결제 서버 교체").click();
  await page.getByRole("radio", { name: "1시간" }).check();
  await merchant.button("교체").click();
  const second = await shownSecret(page);
  expect(second).not.toBe(first);
  expect((await core.verify({ apiSecret: first })).status).toBe(200);
  expect((await core.verify({ apiSecret: second })).status).toBe(200);
  await page.reload();
  await expect(page.getByRole("heading", { name: "이미 표시되었습니다" })).toBeVisible();

  await merchant.goto(V2);
  await expect(page.getByRole("listitem").filter({ hasText: "교체됨" })).toContainText("사용 기한");
  for (const secret of [second, first]) {
    await merchant.goto(`${V2}/${secret.slice(5, 17)}/revoke`);
    await expect(page.getByText("최근 7일 안에 사용된 Secret입니다")).toBeVisible();
    await merchant.button("폐기").click();
    await expect(page.getByText("API Secret을 폐기했습니다")).toBeVisible();
    expect(await core.verify({ apiSecret: secret })).toMatchObject({ status: 401, body: { type: "API_SECRET_REVOKED" } });
  }
  // Issued, rolled, revoked twice, after the mail of the sign-up.
  const mails = await waitForMails(account.email, 5);
  for (const secret of [first, second]) expect(mails.join()).not.toContain(secret);
});

test("a secret that is damaged or unknown tells nothing", async ({ merchant, core, account: _ }) => {
  const secret = await issue(merchant, "하나");
  for (const wrong of [`${secret}x`, secret.replace(/.$/, (c) => (c === "x" ? "y" : "x")), "chv2_000000000000_"]) {
    expect(await core.verify({ apiSecret: wrong })).toMatchObject({ status: 401, body: { type: "CREDENTIAL_UNKNOWN" } });
  }
  expect((await core.verify({})).status).toBe(400);
});

test("a refused form keeps what was typed and says what is wrong beside it", async ({ merchant, page, account: _ }) => {
  await issue(merchant, "하나");
  await confirm(merchant);
  await merchant.goto(`${V2}/new`);
  await merchant.fill({ "Secret 이름": "하나" });
  await page.getByRole("radio", { name: "30일" }).check();
  await page.getByRole("checkbox", { name: /결제/ }).uncheck();
  await merchant.button("생성").click();
  await merchant.alive();
  await merchant.expectRefused(merchant.field("Secret 이름"), "사용 중인 다른 API Secret이 이 이름을 씁니다.");
  await expect(merchant.field("Secret 이름")).toHaveValue("하나");
  await expect(page.getByRole("radio", { name: "30일" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /결제/ })).not.toBeChecked();

  await merchant.fill({ "Secret 이름": "a/b" });
  await page.getByRole("radio", { name: "날짜 지정" }).check();
  await merchant.fill({ 만료일: "2020-01-01" });
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
  await merchant.button("생성").click();
  await merchant.alive();
  await merchant.expectRefused(merchant.field("Secret 이름"), "글자, 숫자, 공백");
  await merchant.expectRefused(merchant.field("만료일"), "이미 지난 날짜입니다.");
  await merchant.expectRefusedIn("권한", "하나 이상 골라 주세요.");
  await expect(merchant.field("만료일")).toHaveValue("2020-01-01");
});

test("a secret that never ends is warned of and possible", async ({ merchant, page, core, account: _ }) => {
  await merchant.goto(`${V2}/new`);
  await merchant.fill({ "Secret 이름": "만료 없음" });
  await page.getByRole("radio", { name: "만료 없음" }).check();
  await expect(page.getByText("만료 없음은 권하지 않습니다.")).toBeVisible();
  await merchant.button("생성").click();
  const secret = await shownSecret(page);
  expect((await core.verify({ apiSecret: secret })).body.expiresAt).toBeNull();
});

test("the V1 secret is shown to who types the password, and leaves by itself", async ({ merchant, page, core, account }) => {
  await merchant.goto(KEYS);
  const key = await page.getByText(/^\d{16}$/).innerText();
  await expect(page.getByText(/^imp\d{8}$/)).toBeVisible();
  await merchant.link("REST API Secret 보기").click();
  await merchant.fill({ 비밀번호: "아닌데 이 비밀번호는" });
  await merchant.button("REST API Secret 보기").click();
  await merchant.alive();
  await merchant.expectRefused(merchant.field("비밀번호"), "비밀번호가 맞지 않습니다.");
  await expect(merchant.field("비밀번호")).toHaveValue("");

  await merchant.fill({ 비밀번호: account.password });
  await merchant.button("REST API Secret 보기").click();
  const secret = await shownSecret(page);
  expect(secret).toMatch(/^[0-9A-Za-z]{80}$/);
  await expect(page.locator("meta[http-equiv=refresh]")).toHaveAttribute("content", `60;url=${KEYS}`);
  expect(await core.verify({ impKey: key, impSecret: secret })).toMatchObject({ status: 200, body: { kind: "v1" } });
  await page.reload();
  await expect(page.getByRole("heading", { name: "이미 표시되었습니다" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test("a re-issued V1 secret works and the old one is refused at once", async ({ merchant, page, core, account }) => {
  await merchant.goto(KEYS);
  const impKey = await page.getByText(/^\d{16}$/).innerText();
  const old = await withPassword(merchant, `${KEYS}/secret`, "REST API Secret 보기", account.password);
  const fresh = await withPassword(merchant, `${KEYS}/reissue`, "REST API Secret 재발급", account.password);
  expect(fresh).not.toBe(old);
  expect((await core.verify({ impKey, impSecret: old })).status).toBe(401);
  expect((await core.verify({ impKey, impSecret: fresh })).status).toBe(200);
  await page.reload();
  await expect(page.getByRole("heading", { name: "이미 표시되었습니다" })).toBeVisible();
  expect((await core.verify({ impKey, impSecret: fresh })).status).toBe(200);
});
