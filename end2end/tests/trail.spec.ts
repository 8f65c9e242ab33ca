// 작업 기록: who did what, as an owner reads it and takes it along.
import { addChannel } from "../support/account";
import { CORES, DATA_DIR, environment, PEOPLE, run } from "../support/console";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const LIVE = { mode: "live", provider: "ksnet", module: "ksnet", name: "첫째", mid: "KS0001", "fields.api_key": "a-key-that-is-secret" };

test("an owner reads what became of a channel, sees values and never a secret", async ({ merchant, page, context, account }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  await merchant.fill({ "채널 이름": "둘째", apiKey: "another-key-that-is-secret" });
  await merchant.save();
  await expect(page.getByText("저장했습니다")).toBeVisible();
  await merchant.goto("/audit");
  const entries = page.getByRole("main").locator(".trail-entry");
  await expect(entries.first()).toContainText("채널 수정");
  await expect(entries.first()).toContainText(account.email);
  await expect(entries.first().getByRole("link", { name: key })).toHaveAttribute("href", `${CHANNELS}/${key}`);
  await entries.first().getByText("바뀐 항목 2").click();
  await expect(entries.first()).toContainText(/name\s*첫째\s*둘째/);
  await expect(page.getByRole("main")).not.toContainText("key-that-is-secret");
});

test("who deletes a channel and says why is read with the reason", async ({ merchant, page, context, account: _ }) => {
  await merchant.openChannel(await addChannel(context.request, LIVE));
  await expect(merchant.field("사유")).toHaveAttribute("maxlength", "200");
  await merchant.fill({ 사유: "계약 종료, =1+1 <b>" });
  await merchant.button("삭제").click();
  await expect(page.getByText("채널을 삭제했습니다")).toBeVisible();
  await merchant.goto("/audit");
  await expect(page.locator(".trail-entry").first()).toContainText("채널 삭제계약 종료, =1+1 <b>");
});

test("an owner finds entries by what they are about and by whom, and downloads them", async ({ merchant, page, context, account }) => {
  await addChannel(context.request, LIVE);
  await merchant.goto("/audit");
  await page.getByLabel("대상").selectOption({ label: "채널" });
  await page.getByLabel("계정 또는 API Secret").fill(account.email);
  await merchant.button("검색").click();
  await expect(page).toHaveURL(/kind=channel/);
  await expect(page.locator(".trail-entry")).toHaveCount(1);
  const href = await merchant.link("CSV로 내려받기").getAttribute("href");
  const file = await (await context.request.get(href ?? "")).text();
  const lines = file.trim().split("\r\n").join("\n").split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("channel.added");
  await merchant.goto("/audit?who=nobody-of-this-name");
  await expect(page.getByText("조건을 바꾸어 다시 찾아 보세요.")).toBeVisible();
});

test("an operator who checks the trails and the secrets is told that all is sound", async ({ context, account: _ }) => {
  await addChannel(context.request, LIVE);
  const checked = run(["verify"], environment(PEOPLE, CORES, DATA_DIR, { CONSOLE_LOG: "off" }));
  expect(checked.stdout).toMatch(/^trail: \d+ merchants, \d+ entries, 0 unsound$/m);
  expect(checked.stdout).toMatch(/^secrets: \d+ versions, 0 unreadable$/m);
  expect(checked.status).toBe(0);
});
