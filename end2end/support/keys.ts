// 식별코드 · API Keys, as a merchant uses it.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { PEOPLE } from "./console";
import type { Merchant } from "./merchant";

export const KEYS = "/integration/keys";
export const V2 = `${KEYS}/v2`;

/** What the page shows, which is there without any click. */
export async function shownSecret(page: Page): Promise<string> {
  await expect(page.locator("#secret")).toBeVisible();
  return page.locator("#secret").innerText();
}

export async function issue(merchant: Merchant, name: string): Promise<string> {
  await merchant.goto(`${V2}/new`);
  await merchant.fill({ "Secret 이름": name });
  await merchant.button("생성").click();
  return shownSecret(merchant.page);
}

export async function confirm(merchant: Merchant) {
  await merchant.button("API Secret을 확인했습니다").click();
  await merchant.page.waitForURL(/\/integration\/keys\/v2\??$/);
  await merchant.alive();
}

/** The page that asks for the password, filled in; answers with what is shown. */
export async function withPassword(merchant: Merchant, path: string, button: string, password: string): Promise<string> {
  await merchant.goto(path);
  await merchant.fill({ 비밀번호: password });
  await merchant.button(button).click();
  return shownSecret(merchant.page);
}

/** The plain form behind a page that shows a secret; the secret, or null when it was refused. */
export async function postForSecret(request: APIRequestContext, path: string, form: Record<string, string>) {
  const headers = { accept: "text/html", origin: PEOPLE, referer: PEOPLE + path };
  const answer = await request.post(PEOPLE + path, { form: { request_key: crypto.randomUUID(), ...form }, headers });
  return /<code id="secret">(\w+)</.exec(await answer.text())?.[1] ?? null;
}

/** What 생성 sends for a secret with every scope. */
export function issuing(name: string) {
  return { name, expiry: "365", channels_read: "on", channels_write: "on", payments: "on" };
}
