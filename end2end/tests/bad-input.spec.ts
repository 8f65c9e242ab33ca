// Refused forms: the message is beside its field, nothing is changed, what was typed is still there.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS, Merchant } from "../support/merchant";

const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const SMARTRO = "결제창 일반/정기결제 및 API 수기/정기결제";
const INICIS_OLD = "API 수기/정기결제 및 신용카드 본인인증";
const SHARED = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999" };
const LIVE = {
  mode: "live", provider: "smartro", module: "smartro_v2", name: "실연동", mid: "smt1m", purpose: "payment", tax: "none",
  "fields.merchant_key": "key", "fields.cancel_password": "123456",
};

async function expectNoChannels(merchant: Merchant, mode: "test" | "live") {
  await merchant.goto(`${CHANNELS}?mode=${mode}`);
  await expect(merchant.page.getByText("등록된 채널이 없습니다")).toBeVisible();
}

test("a name with characters that names may not hold is refused", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "결제(신)/😀" });
  await merchant.chooseSharedMid("2999199990");
  await merchant.chooseTax("과세");
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "글자, 숫자, 공백, _, - 만 쓸 수 있습니다.");
  await expect(merchant.field("채널 이름")).toHaveValue("결제(신)/😀");
  await expect(merchant.sharedMid("2999199990")).toBeChecked();
  await expect(merchant.page.getByRole("radio", { name: "과세", exact: true })).toBeChecked();
  await expectNoChannels(merchant, "test");
});

test("a name of 51 characters is refused and one of 50 is not", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "가".repeat(51) });
  await merchant.chooseSharedMid("2999199999");
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "50자까지 입력할 수 있습니다.");
  await merchant.fill({ "채널 이름": "가".repeat(50) });
  expect((await core.channel(await merchant.saveNew())).name).toBe("가".repeat(50));
});

test("a name that another channel has, but for the case of its letters, is refused", async ({ merchant, context, account: _ }) => {
  await addChannel(context.request, { ...SHARED, name: "KSNET main" });
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "ksnet ＭＡＩＮ" });
  await merchant.chooseSharedMid("2999199990");
  await merchant.save();
  await merchant.expectRefused(merchant.field("채널 이름"), "이 이름의 채널이 이미 있습니다.");
  await expect(merchant.field("채널 이름")).toHaveValue("ksnet ＭＡＩＮ");
  await merchant.goto(CHANNELS);
  await expect(merchant.listed()).toHaveText(["KSNET main"]);
});

test("an address edited to a module of another provider is refused beside the modules", async ({ merchant, page, account: _ }) => {
  await merchant.goto(`${CHANNELS}/new?mode=test&provider=ksnet&module=smartro_v2`);
  await merchant.expectRefusedIn("결제 모듈", "선택한 결제대행사의 모듈이 아닙니다.");
  await expect(page.getByRole("radio", { name: "KSNET", exact: true })).toBeChecked();
  await expect(merchant.field("채널 이름")).toHaveCount(0);
});

test("an address edited to a module that there is not is refused beside the modules", async ({ merchant, account: _ }) => {
  await merchant.goto(`${CHANNELS}/new?mode=test&provider=ksnet&module=nonsense`);
  await merchant.expectRefusedIn("결제 모듈", "목록에서 선택해 주세요.");
});

test("a MID of another provider's test list is refused, and the provider is named", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("테스트", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "바뀐 MID" });
  await merchant.typeOwnMid("2999199999");
  await merchant.save();
  const mid = merchant.field("PG상점아이디 (MID)");
  await merchant.expectRefused(mid, "이 MID(2999199999)는 KSNET(ksnet)의 공용 테스트 MID입니다.");
  await expect(mid).toHaveValue("2999199999");
  await expectNoChannels(merchant, "test");
});

test("INIBillTest is asked about: INIBillTst?", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("테스트", "KG이니시스", INICIS_OLD);
  await merchant.fill({ "채널 이름": "정기결제" });
  await merchant.typeOwnMid("INIBillTest");
  await merchant.save();
  await merchant.expectRefused(merchant.field("PG상점아이디 (MID)"), "INIBillTst를 뜻하셨나요?");
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("INIBillTest");
  await merchant.fill({ "PG상점아이디 (MID)": "INIBillTst" });
  expect(await core.channel(await merchant.saveNew())).toMatchObject({ mid: "INIBillTst", credentials: "shared_test" });
});

test("a shared test MID in live mode is refused with what to do instead", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "실연동", "PG상점아이디 (MID)": "2999199999", apiKey: "key" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("PG상점아이디 (MID)"), "연동 모드를 테스트로 바꾸거나");
  await expectNoChannels(merchant, "live");
});

test("a live channel without its key is refused", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "실연동", "PG상점아이디 (MID)": "2001102849" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("apiKey"), "필수 항목입니다.");
  await expect(merchant.field("PG상점아이디 (MID)")).toHaveValue("2001102849");
  await expectNoChannels(merchant, "live");
});

test("a form left blank is refused beside every field that is needed", async ({ merchant, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.save();
  for (const label of ["채널 이름", "PG상점아이디 (MID)", "Key", "거래취소 비밀번호"]) {
    await merchant.expectRefused(merchant.field(label), "필수 항목입니다.");
  }
});

test("a 거래취소 비밀번호 of 7 digits is refused", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "실연동", "PG상점아이디 (MID)": "smt1m", Key: "key", "거래취소 비밀번호": "1234567" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("거래취소 비밀번호"), "6자까지 입력할 수 있습니다.");
  await merchant.fill({ "거래취소 비밀번호": "123456" });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel.secrets).toEqual({ merchant_key: "key", cancel_password: "123456" });
});

test("values over their limits are refused, those at the limit are not", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "한도", "PG상점아이디 (MID)": "m".repeat(81), Key: "k".repeat(513), "거래취소 비밀번호": "1" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("PG상점아이디 (MID)"), "80자까지 입력할 수 있습니다.");
  await merchant.expectRefused(merchant.field("Key"), "512자까지 입력할 수 있습니다.");
  await merchant.fill({ "PG상점아이디 (MID)": "m".repeat(80), Key: "k".repeat(512) });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ mid: "m".repeat(80), secrets: { merchant_key: "k".repeat(512), cancel_password: "1" } });
});

test("a key whose use is not chosen is refused, and so is a use without its key", async ({ merchant, core, account: _ }) => {
  await merchant.chooseModule("실연동", "스마트로", SMARTRO);
  await merchant.fill({ "채널 이름": "정기", "PG상점아이디 (MID)": "smt1m", Key: "key", "거래취소 비밀번호": "1" });
  await merchant.tickUse("정기결제");
  await merchant.save();
  await merchant.expectRefused(merchant.field("ssp Mall ID"), "필수 항목입니다.");
  await merchant.fill({ "ssp Mall ID": "smt1p" });
  await merchant.page.getByRole("checkbox", { name: "정기결제", exact: true }).uncheck();
  await merchant.save();
  await merchant.expectRefused(merchant.field("ssp Mall ID"), "‘정기결제’을(를) 고른 경우에만 입력합니다.");
  await merchant.tickUse("정기결제");
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ uses: ["recurring"], fields: { ssp_mall_id: "smt1p" } });
});

test("of two edits of one version the second is told, keeps what was typed and can save over it", async ({ merchant, page, context, core, account: _ }) => {
  const key = await addChannel(context.request, LIVE);
  await merchant.openEdit(key);
  const elsewhere = await context.newPage();
  const colleague = new Merchant(elsewhere, merchant.hydrated);
  await colleague.openEdit(key);
  await colleague.fill({ "채널 이름": "동료의 이름" });
  await colleague.save();
  await expect(elsewhere.getByText("저장했습니다", { exact: true })).toBeVisible();

  await merchant.fill({ "채널 이름": "나의 이름", Key: "my key" });
  await merchant.save();
  await expect(page.getByText("다른 사람이 먼저 저장했습니다", { exact: true })).toBeVisible();
  await expect(merchant.field("채널 이름")).toHaveValue("나의 이름");
  expect(await core.channel(key)).toMatchObject({ version: 2, name: "동료의 이름", secrets: { merchant_key: "key" } });

  await merchant.save();
  await expect(page.getByText("저장했습니다", { exact: true })).toBeVisible();
  const channel = await core.channel(key);
  expect(channel).toMatchObject({ version: 3, name: "나의 이름" });
  expect(channel.secrets).toEqual({ merchant_key: "my key", cancel_password: "123456" });
});

test.describe("pages of another merchant", () => {
  test.use({ refusals: [/^\/integration\/channels\/channel-key-/] });

  test("another merchant's channel is not found, neither to look at nor to edit", async ({ merchant, context, stranger, account: _ }) => {
    const key = await addChannel(context.request, LIVE);
    for (const path of [key, `${key}/edit`, `${key}/versions`, "channel-key-nonsense"]) {
      const answer = await stranger.goto(`${CHANNELS}/${path}`);
      expect(answer!.status(), path).toBe(404);
      await expect(stranger.page.getByRole("heading", { name: "찾을 수 없습니다" })).toBeVisible();
      await expect(stranger.page.getByText(LIVE.name)).toHaveCount(0);
    }
    expect((await merchant.openChannel(key))!.status()).toBe(200);
  });
});

test("a shared test MID in live mode comes with the way to test mode, where it is chosen and the name kept", async ({ merchant, page, core, account: _ }) => {
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "첫 결제", "PG상점아이디 (MID)": "2999199990" });
  await merchant.save();
  await merchant.expectRefused(merchant.field("PG상점아이디 (MID)"), "이 MID(2999199990)는 KSNET 공용 테스트 MID입니다.");
  await merchant.link("연동 모드를 테스트로 바꿔서 추가하기").click();
  await expect(page).toHaveURL(/mode=test/);
  await merchant.alive();
  await expect(merchant.sharedMid("2999199990")).toBeChecked();
  await expect(merchant.field("채널 이름")).toHaveValue("첫 결제");
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ mode: "test", name: "첫 결제", mid: "2999199990", credentials: "shared_test" });
});

test("spaces and full-width letters around a pasted value go, and are told to have gone", async ({ merchant, page, core, account: _ }) => {
  await merchant.chooseModule("실연동", "KSNET", KSNET);
  await merchant.fill({ "채널 이름": "붙여넣기", "PG상점아이디 (MID)": " ＫＳ00１ ", apiKey: "  pasted-key " });
  const channel = await core.channel(await merchant.saveNew());
  expect(channel).toMatchObject({ mid: "KS001", secrets: { api_key: "pasted-key" } });
  await expect(page.getByText("공백이나 전각 문자를 정리해 저장한 항목: PG상점아이디 (MID), apiKey")).toBeVisible();
});
