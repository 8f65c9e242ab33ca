// The five roles: what each sees and may not do, on the pages and behind them.
import type { APIRequestContext } from "@playwright/test";
import { addChannel, channelForm } from "../support/account";
import { PEOPLE } from "../support/console";
import { expect, test } from "../support/fixtures";
import { issuing, KEYS, postForSecret, V2 } from "../support/keys";
import { CHANNELS, Merchant } from "../support/merchant";
import { newMember, type Role } from "../support/team";

interface Rights {
  /** Add, edit, pause, delete channels, test and live. */
  edit: boolean;
  /** Show and re-issue the V1 secret; issue, roll, revoke V2 secrets. */
  issue: boolean;
  listKeys: boolean;
  /** Invite and remove Dev, Manager, Viewer; sub-stores; the trail. */
  manage: boolean;
  /** Grant and remove Admin and Owner. */
  grant: boolean;
}

const RIGHTS: Record<Role, Rights> = {
  owner: { edit: true, issue: true, listKeys: true, manage: true, grant: true },
  admin: { edit: true, issue: true, listKeys: true, manage: true, grant: false },
  dev: { edit: true, issue: false, listKeys: true, manage: false, grant: false },
  manager: { edit: false, issue: false, listKeys: false, manage: false, grant: false },
  viewer: { edit: false, issue: false, listKeys: false, manage: false, grant: false },
};

const TEST = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", name: "테스트", tax: "none" };
const LIVE = {
  mode: "live", provider: "smartro", module: "smartro_v2", name: "실연동", mid: "smt1m", purpose: "payment", tax: "none",
  "fields.merchant_key": "key", "fields.cancel_password": "123456",
};

test.use({ refusals: [/^\/(integration|audit)/] });

for (const [role, may] of Object.entries(RIGHTS) as [Role, Rights][]) {
  test(`what a member sees and may not do as ${role}: channels`, async ({ context, browser, hydrated, account: _ }) => {
    const keys = [await addChannel(context.request, TEST), await addChannel(context.request, LIVE)] as const;
    const member = await newMember(browser, context.request, role, hydrated);
    const merchant = new Merchant(member.page, hydrated);
    const asked = asking(member.context.request);
    for (const [key, channel] of [[keys[0], TEST], [keys[1], LIVE]] as const) {
      await merchant.goto(`${CHANNELS}?mode=${channel.mode}`);
      await expect(merchant.listed()).toHaveText([channel.name]);
      await expect(merchant.link("채널 추가")).toHaveCount(may.edit ? 1 : 0);
      await merchant.openChannel(key);
      for (const button of ["일시중지", "삭제"]) await expect(merchant.button(button)).toHaveCount(may.edit ? 1 : 0);
      const edit = await merchant.goto(`${CHANNELS}/${key}/edit`);
      if (may.edit) await expect(merchant.button("저장")).toBeVisible();
      else await expectNotForThem(merchant, edit!.status());

      // What is not shown is not allowed either.
      const answer = may.edit ? 200 : 403;
      const changed = { key, seen_version: "1", ...channel, name: "바꾼 이름" };
      expect(await asked("/api/channels/edit", channelForm(changed))).toBe(answer);
      for (const to of ["pause", "resume", "delete", "restore"]) {
        expect(await asked("/api/channels/move", { key, to }), to).toBe(answer);
      }
      expect(await asked("/api/channels/add", channelForm({ ...channel, name: "더하기" }))).toBe(answer);
      await merchant.goto(`${CHANNELS}?mode=${channel.mode}`);
      await expect(merchant.listed()).toHaveText(may.edit ? ["더하기", "바꾼 이름"] : [channel.name]);
    }
    await member.context.close();
  });

  test(`what a member sees and may not do as ${role}: keys`, async ({ context, browser, hydrated, account: _ }) => {
    const secret = (await postForSecret(context.request, `${V2}/new`, issuing("결제 서버")))!;
    const member = await newMember(browser, context.request, role, hydrated);
    const merchant = new Merchant(member.page, hydrated);
    const opened = await merchant.goto(V2);
    if (may.listKeys) {
      await expect(member.page.getByRole("listitem").filter({ hasText: "결제 서버" })).toBeVisible();
      await merchant.goto(KEYS);
      await expect(member.page.getByText(/^imp\d{8}$/)).toBeVisible();
    } else {
      await expectNotForThem(merchant, opened!.status());
      await merchant.goto(CHANNELS);
    }
    await expect(merchant.link("식별코드 · API Keys")).toHaveCount(may.listKeys ? 1 : 0);
    const kid = secret.slice(5, 17);
    const shown = may.issue ? 1 : 0;
    const password = member.account.password;
    await merchant.goto(KEYS);
    for (const name of ["REST API Secret 보기", "REST API Secret 재발급"]) await expect(merchant.link(name)).toHaveCount(shown);
    await merchant.goto(V2);
    for (const name of ["새로운 API Secret 발급", "결제 서버 교체", "결제 서버 폐기"]) {
      await expect(merchant.link(name)).toHaveCount(shown);
    }
    for (const path of [`${V2}/new`, `${V2}/${kid}/roll`, `${V2}/${kid}/revoke`, `${KEYS}/secret`, `${KEYS}/reissue`]) {
      const form = await merchant.goto(path);
      if (!may.issue) await expectNotForThem(merchant, form!.status());
    }

    const { request } = member.context;
    const given = [
      await postForSecret(request, `${V2}/new`, issuing("다른 서버")),
      await postForSecret(request, `${V2}/${kid}/roll`, { overlap: "24" }),
      await postForSecret(request, `${KEYS}/secret`, { password }),
      await postForSecret(request, `${KEYS}/reissue`, { password }),
    ];
    for (const each of given) expect(each !== null).toBe(may.issue);
    expect(await asking(request)("/api/keys/v2/revoke", { kid })).toBe(may.issue ? 200 : 403);
    await member.context.close();
  });

  test(`what a member sees and may not do as ${role}: people, stores, trail`, async ({ context, browser, hydrated, account }) => {
    const member = await newMember(browser, context.request, role, hydrated);
    const merchant = new Merchant(member.page, hydrated);
    const asked = asking(member.context.request);
    await merchant.goto("/team");
    await expect(member.page.getByRole("listitem").filter({ hasText: member.account.email })).toBeVisible();
    await expect(merchant.button("초대 메일 보내기")).toHaveCount(may.manage ? 1 : 0);
    // An Owner may change the other and leave; below, an Owner is out of reach, and everybody may leave.
    await expect(member.page.locator(".people-more")).toHaveCount(may.grant ? 2 : 1);
    await merchant.goto("/stores");
    await expect(merchant.button("하위 상점 추가")).toHaveCount(may.manage ? 1 : 0);
    const trail = await merchant.goto("/audit");
    if (may.manage) await expect(member.page.getByRole("main").locator(".trail-entry").first()).toBeVisible();
    else await expectNotForThem(merchant, trail!.status());

    const inviting = (email: string, as: Role) => ({
      "form[email]": email, "form[role]": as, "form[memo]": "", "form[store]": "",
    });
    const colleague = await newMember(browser, context.request, "viewer", hydrated);
    const id = await idOf(context.request, colleague.account.email);
    for (const as of ["owner", "admin", "dev", "manager", "viewer"] as Role[]) {
      const granted = as === "owner" || as === "admin" ? may.grant : may.manage;
      const email = `${as}-${member.account.email}`;
      expect(await asked("/api/team/invite", inviting(email, as)), `inviting a ${as}`).toBe(granted ? 200 : 403);
      expect(await asked("/api/team/change-role", { id, role: as, store: "" }), `making a ${as}`).toBe(granted ? 200 : 403);
    }
    const owner = await idOf(context.request, account.email);
    expect(await asked("/api/team/change-role", { id: owner, role: "viewer", store: "" })).toBe(may.grant ? 200 : 403);
    expect(await asked("/api/team/remove", { id })).toBe(may.manage ? 200 : 403);
    expect(await asked("/api/stores/add", { "form[name]": "역삼점", "form[tier_code]": "YSN" })).toBe(may.manage ? 200 : 403);
    const file = await member.context.request.get("/audit.csv", { maxRedirects: 0 });
    expect(file.status()).toBe(may.manage ? 200 : 303);
    await colleague.context.close();
    await member.context.close();
  });
}

/** Posts what a hydrated page would; the status tells what a person is told in words. */
function asking(request: APIRequestContext) {
  const headers = { accept: "application/json", origin: PEOPLE, referer: `${PEOPLE}/` };
  return async (path: string, form: Record<string, string>) => (await request.post(PEOPLE + path, { form, headers, maxRedirects: 0 })).status();
}

async function idOf(owner: APIRequestContext, email: string): Promise<string> {
  const headers = { accept: "application/json", origin: PEOPLE };
  const answer = await owner.post(`${PEOPLE}/api/team/list`, { form: { search: "", page: "1", invitations: "1" }, headers });
  const { members } = (await answer.json()) as { members: { items: { id: string; email: string }[] } };
  return members.items.find((member) => member.email === email)!.id;
}

async function expectNotForThem(merchant: Merchant, status: number) {
  expect(status).toBe(403);
  await expect(merchant.page.getByRole("heading", { name: "볼 수 있는 권한이 없습니다" })).toBeVisible();
}
