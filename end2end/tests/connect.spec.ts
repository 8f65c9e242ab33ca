// Every product that the seeds describe: the merchant follows them, the payment core reads what was entered.
import { CASES, type Case } from "../support/cases";
import type { Core } from "../support/core";
import { expect, test } from "../support/fixtures";
import type { Merchant } from "../support/merchant";

const TAX = { 과세: "taxable", 면세: "tax_free" };

for (const row of CASES) {
  test(`a merchant ${row.title}`, async ({ merchant, account: _, core }) => {
    const name = `${row.provider} ${row.mode} 채널`;
    await merchant.chooseModule(row.mode, row.provider, row.label);
    if (row.sharedMid) await merchant.chooseSharedMid(row.sharedMid);
    if (row.ownMid) await merchant.fill({ "PG상점아이디 (MID)": row.ownMid });
    for (const use of row.uses ?? []) await merchant.tickUse(use);
    await merchant.fill({ "채널 이름": name, ...row.typed });
    await expect(merchant.field("채널 속성").locator("option:checked")).toHaveText(row.purpose ?? "결제");
    if (row.tax) await merchant.chooseTax(row.tax);
    const key = await merchant.saveNew();

    const { page } = merchant;
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    await expect(page.getByText(row.sharedMid ? "공용 테스트 키" : "직접 입력한 키", { exact: true })).toBeVisible();
    const { fields = {}, secrets = {}, uses = [], ...names } = row.core;
    const mid = row.sharedMid ?? row.ownMid;
    const channel = await core.channel(key);
    expect(channel).toMatchObject({
      ...names,
      channelKey: key,
      version: 1,
      mode: row.mode === "테스트" ? "test" : "live",
      status: "active",
      purpose: row.purpose ? "identity" : "payment",
      name,
      mid,
      uses,
      credentials: row.sharedMid ? "shared_test" : "own",
      tax: row.tax ? TAX[row.tax] : "none",
    });
    expect(channel.fields).toEqual(fields);
    expect(channel.secrets).toEqual(secrets);
    const html = await page.content();
    for (const secret of Object.values(secrets)) expect(html).not.toContain(secret);

    await expectPaymentsToFind(merchant, core, key, row);
  });
}

/** By the codes that the merchant finds at home: V1 by 고객사 식별코드 and `code.MID`, V2 by store id and channel key. */
async function expectPaymentsToFind(merchant: Merchant, core: Core, key: string, row: Case) {
  await merchant.goto("/");
  const main = merchant.page.getByRole("main");
  const impCode = await main.getByText(/^imp\d{8}$/).innerText();
  const storeId = await main.getByText(/^store-[0-9a-f-]{36}$/).innerText();
  const purpose: Record<string, string> = row.purpose ? { purpose: "identity" } : {};

  const byKey = await core.resolve({ impCode, channelKey: key });
  if (row.versions.includes("V1")) {
    const byCode = await core.resolve({ impCode, pg: `${row.core.pgCode}.${row.sharedMid ?? row.ownMid}`, ...purpose });
    expect(byCode).toMatchObject({ status: 200, body: { matches: 1, channel: { channelKey: key } } });
    expect(byCode.body.channel!.secrets).toEqual(row.core.secrets ?? {});
    expect(byKey).toMatchObject({ status: 200, body: { channel: { channelKey: key } } });
  } else {
    expect(byKey).toMatchObject({ status: 404, body: { type: "MODULE_NOT_IN_V1" } });
  }

  const byStore = await core.resolve({ storeId, channelKey: key });
  if (row.versions.includes("V2")) {
    expect(byStore).toMatchObject({ status: 200, body: { channel: { channelKey: key, storeId, impCode } } });
    expect(byStore.body.channel!.secrets).toEqual(row.core.secrets ?? {});
  } else {
    expect(byStore).toMatchObject({ status: 404, body: { type: "MODULE_NOT_IN_V2" } });
  }
}
