// Adding channels of modules as the catalogue says they ask to be; made-up keys where the merchant's own are needed.
import { type ADDABLE, type Field, type Module } from "./catalogue";
import { expect, test } from "./fixtures";
import { CHANNELS, type Merchant } from "./merchant";

/** One spec a module and mode. */
export function addEach(modules: typeof ADDABLE) {
  for (const { provider, module } of modules) {
    for (const mode of module.modes) {
      test(`a merchant adds ${module.id} of ${provider.name} in ${mode} mode`, async ({ merchant, account: _, core }) => {
        const purpose = module.purposes[0]!;
        await merchant.goto(`${CHANNELS}/new?mode=${mode}&provider=${provider.id}&module=${module.id}`);
        const shared = mode === "test" ? sharedMid(module, purpose) : undefined;
        const mid = shared ?? "ourOwnShop01";
        const typed = shared ? {} : await fillOwn(merchant, module, mode, purpose, mid);
        if (shared) await merchant.chooseSharedMid(shared);
        await merchant.fill({ "채널 이름": `${module.id} ${mode}` });
        const key = await merchant.saveNew();

        const channel = await core.channel(key);
        expect(channel).toMatchObject({
          provider: provider.id,
          module: module.id,
          pgProvider: module.pg_provider,
          pgCode: module.pg_code ?? null,
          mode,
          purpose,
          mid,
          credentials: shared ? "shared_test" : "own",
        });
        const isSecret = (id: string) => module.field!.find((field) => field.key === id)!.secret;
        const entered = Object.entries(typed);
        expect(channel.secrets).toEqual(Object.fromEntries(entered.filter(([id]) => isSecret(id))));
        if (!shared) expect(channel.fields).toEqual(Object.fromEntries(entered.filter(([id]) => !isSecret(id))));
      });
    }
  }
}

function sharedMid(module: Module, purpose: string): string | undefined {
  return module.test_mid?.find((test) => !test.retired && (test.purpose ?? "payment") === purpose)?.mid;
}

/** One's own MID, every use, and every field that then exists. Answers with the values by key. */
async function fillOwn(merchant: Merchant, module: Module, mode: string, purpose: string, mid: string) {
  const { page } = merchant;
  if (mode === "test" && module.test_mid?.some((test) => !test.retired)) {
    await page.getByRole("radio", { name: /^직접 입력/ }).check();
  }
  await page.locator("#mid").fill(mid);
  for (const use of module.uses ?? []) {
    const box = page.locator(`input[name="form[uses][${use}]"]`);
    if (await box.count()) await box.check();
  }
  const values: Record<string, string> = {};
  for (const field of module.field ?? []) {
    if (field.purposes?.length && !field.purposes.includes(purpose)) continue;
    values[field.key] = madeUp(field);
    await page.locator(`#field-${field.key}`).fill(values[field.key]!);
  }
  return values;
}

function madeUp(field: Field): string {
  if (field.multiline) return "-----BEGIN CERTIFICATE-----\nTm90IGEga2V5\n-----END CERTIFICATE-----";
  const length = field.exact_length ?? Math.min(field.max_length ?? 12, 12);
  return `${field.key.replace(/_/g, "")}0123456789abcdef`.slice(-length);
}
