// What a merchant does at the console, by the labels a merchant sees.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Account } from "./account";

export type Mode = "테스트" | "실연동";
export const CHANNELS = "/integration/channels";

export class Merchant {
  constructor(
    readonly page: Page,
    readonly hydrated: boolean,
  ) {}

  /** Opens a page and waits until it is alive, where it will be. */
  async goto(path: string) {
    const answer = await this.page.goto(path);
    await this.alive();
    return answer;
  }

  /** After a full load by other means than `goto`: the page reacts to typing. The first WASM of a busy machine takes long. */
  async alive() {
    if (!this.hydrated) return;
    await expect(this.page.locator("html")).toHaveAttribute("data-hydrated", "true", { timeout: 20_000 });
  }

  /** An input by its visible label, whatever mark stands behind it. */
  field(label: string): Locator {
    return this.page.getByLabel(labelled(label));
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  link(name: string): Locator {
    return this.page.getByRole("link", { name, exact: true });
  }

  /** Fills inputs by label, in the order given. */
  async fill(values: Record<string, string>) {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
  }

  // Accounts

  async fillSignUp({ email, password }: Account) {
    await this.goto("/signup");
    await this.fill({ 이메일: email, 비밀번호: password, "비밀번호 확인": password });
    await this.page.getByLabel("[필수] 이용약관에 동의합니다").check();
    await this.page.getByLabel("[필수] 개인정보 수집 및 이용에 동의합니다").check();
  }

  async signUp(account: Account) {
    await this.fillSignUp(account);
    await this.button("가입").click();
    await expect(this.page.getByRole("heading", { name: "인증 메일을 보냈습니다" })).toBeVisible();
  }

  async verify(link: string) {
    await this.goto(link);
    await this.button("이메일 인증하기").click();
    await expect(this.page.getByText("이메일 인증이 끝났습니다. 로그인해 주세요.")).toBeVisible();
  }

  async logIn({ email, password }: Account) {
    await this.goto("/login");
    await this.submitLogIn(email, password);
    await expect(this.page.getByRole("heading", { name: "채널 관리" })).toBeVisible();
  }

  async submitLogIn(email: string, password: string) {
    await this.fill({ 이메일: email, 비밀번호: password });
    await this.button("로그인").click();
  }

  // Channels

  /** The first step of 채널 추가; without JavaScript the modules come with [다음]. */
  async chooseProvider(mode: Mode, provider: string) {
    await this.goto(`${CHANNELS}/new`);
    await this.page.getByRole("radio", { name: mode, exact: true }).check();
    await this.page.getByRole("radio", { name: provider, exact: true }).check();
    if (!this.hydrated) await this.button("다음").click();
  }

  async chooseModule(mode: Mode, provider: string, module: string) {
    await this.chooseProvider(mode, provider);
    await this.module(module).check();
    await this.button("다음").click();
    await expect(this.field("채널 이름")).toBeVisible();
  }

  /** Modules bear chips besides their name. */
  module(name: string): Locator {
    const choice = this.page.locator("label").filter({ has: this.page.getByText(name, { exact: true }) });
    return choice.getByRole("radio");
  }

  async chooseSharedMid(mid: string) {
    await this.sharedMid(mid).check();
  }

  sharedMid(mid: string): Locator {
    return this.page.getByRole("radio", { name: new RegExp(`^${mid}(?!\\w)`) });
  }

  /** One's own MID, in a module that also offers shared test MIDs. */
  async typeOwnMid(mid: string) {
    await this.page.getByRole("radio", { name: /^직접 입력/ }).check();
    await this.fill({ "PG상점아이디 (MID)": mid });
  }

  async tickUse(use: string) {
    await this.page.getByRole("checkbox", { name: use, exact: true }).check();
  }

  async chooseTax(tax: "미설정" | "과세" | "면세") {
    await this.page.getByRole("radio", { name: tax, exact: true }).check();
  }

  async save() {
    await this.button("저장").click();
  }

  /** Saves a new channel and answers with its key, as the page shows it. */
  async saveNew(): Promise<string> {
    await this.save();
    await expect(this.page.getByText("채널을 추가했습니다")).toBeVisible();
    await this.alive();
    return this.shownKey();
  }

  async shownKey(): Promise<string> {
    return this.page.getByText(/^channel-key-[0-9a-f-]{36}$/).innerText();
  }

  async openChannel(key: string) {
    return this.goto(`${CHANNELS}/${key}`);
  }

  async openEdit(key: string) {
    await this.goto(`${CHANNELS}/${key}/edit`);
  }

  /** The names in the list, from the top. */
  listed(): Locator {
    return this.page.getByRole("main").getByRole("listitem").getByRole("link").locator("strong");
  }

  // Refusals

  /** The message is beside the input, and the input names it. */
  async expectRefused(input: Locator, message: string | RegExp) {
    await expect(input).toHaveAttribute("aria-invalid", "true");
    const ids = ((await input.getAttribute("aria-describedby")) ?? "").split(" ");
    const named = this.page.locator(ids.map((id) => `[id="${id}"].field-error`).join(", "));
    await expect(named).toContainText(message);
    const field = this.page.locator("fieldset.field, .field").filter({ has: input }).filter({ has: named });
    await expect(field.first()).toBeVisible();
  }

  /** The message stands in the field set with this legend or label. */
  async expectRefusedIn(label: string, message: string | RegExp) {
    const field = this.page.locator(".field").filter({ hasText: label });
    await expect(field.locator(".field-error").filter({ hasText: message }).first()).toBeVisible();
  }
}

function labelled(label: string): RegExp {
  return new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*(\\*|선택)?$`);
}
