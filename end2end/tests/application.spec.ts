// 전자결제 신청: from consent to 계약 완료 to a live channel that the core reads.
import {
  APPLICATION, applicationsByApi, BUSINESS, choose, consent, enterAll, idOn, NUMBER, operate, operateByApi, operatorToken, PDF,
  REGISTRATION, SERVICE, submitKsnet,
} from "../support/application";
import { expect, test } from "../support/fixtures";
import { mailsTo } from "../support/mail";
import { Merchant } from "../support/merchant";
import { newMember } from "../support/team";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TEXT = { 사업자등록번호: BUSINESS["form[number]"], 상호: "고양이 상점", 대표자: "김대표", 업종: "전자상거래", 업태: "소매업", 주소: "서울시 강남구 1" };
const PEOPLE_TEXT = {
  "서비스 URL": SERVICE["form[url]"], "담당자 이름": "이담당", "담당자 이메일": "lee@shop.example.com", "담당자 전화번호": "02-1234-5678",
};

test.use({ refusals: [/^\/application/] });

/** A line of a list by its text. */
const line = (merchant: Merchant, text: string | RegExp) =>
  merchant.page.getByRole("main").locator(".application-line").filter({ hasText: text });

async function chooseModule(merchant: Merchant, provider: string, module: string, styles: string[], methods: [string, string][]) {
  const { page } = merchant;
  await merchant.goto(APPLICATION);
  await merchant.link("결제대행사 추가").click();
  await page.getByRole("link", { name: provider, exact: true }).click();
  await page.getByRole("listitem").getByRole("link").filter({ hasText: module }).first().click();
  for (const style of styles) await page.getByRole("group", { name: "결제 방식" }).getByLabel(style, { exact: true }).check();
  for (const [style, method] of methods) await page.getByRole("group", { name: style, exact: true }).getByLabel(method, { exact: true }).check();
  await merchant.button("신청 목록에 담기").click();
  await expect(page.getByText("신청 목록에 담았습니다")).toBeVisible();
}

test("a whole application with two gateways, from consent to a live channel that the core reads", async ({ merchant, page, core, account }) => {
  test.setTimeout(120_000);
  // The way in.
  await merchant.goto("/");
  await page.getByRole("navigation", { name: "주 메뉴" }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: "전자결제 신청" })).toBeVisible();
  await expect(page.getByRole("complementary")).toContainText("사업자 등록증");
  await expect(merchant.link("테스트로 먼저 연동해 보기")).toHaveAttribute("href", "/integration/channels/new?mode=test");
  await merchant.button("시작하기").click();
  await expect(page.getByText("신청하려면 동의가 필요합니다").first()).toBeVisible();
  await page.getByLabel("[필수] 개인정보 제3자 제공").check();
  await page.getByLabel("[필수] 개인정보 수집 및 이용").check();
  await merchant.button("시작하기").click();
  await expect(page.getByText("약관에 동의했습니다")).toBeVisible();

  // 비즈니스 인증: what is wrong is told beside the field, and nothing typed is lost.
  await page.getByRole("link", { name: "사업자 정보 입력" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "사업자 정보" })).toBeVisible();
  await merchant.alive();
  await page.getByRole("radio", { name: "법인사업자" }).check();
  await merchant.fill({ ...TEXT, 사업자등록번호: "220-81-62518" });
  await merchant.button("저장하고 다음").click();
  await merchant.expectRefused(merchant.field("사업자등록번호"), "마지막 숫자가 앞의 숫자와 맞지 않습니다");
  await expect(merchant.field("상호")).toHaveValue("고양이 상점");
  await merchant.fill({ 사업자등록번호: TEXT.사업자등록번호 });
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "서비스와 담당자" })).toBeVisible();
  await merchant.fill({ ...PEOPLE_TEXT, "서비스 URL": "https://192.168.0.1" });
  await merchant.button("저장하고 다음").click();
  await merchant.expectRefused(merchant.field("서비스 URL"), "누구나 열 수 있는 도메인 이름이 아닙니다");
  await merchant.fill({ "서비스 URL": PEOPLE_TEXT["서비스 URL"] });
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "정산 계좌" })).toBeVisible();
  // The number of a refused form is kept and not sent back.
  await merchant.fill({ 계좌번호: NUMBER });
  await merchant.button("저장하고 다음").click();
  await merchant.expectRefused(merchant.field("은행"), "필수 항목입니다");
  if (!merchant.hydrated) await expect(page.getByText("입력한 값을 보관했습니다")).toBeVisible();
  for (const typed of [NUMBER, NUMBER.replaceAll("-", "")]) expect(await page.content()).not.toContain(typed);
  await merchant.fill({ 은행: "신한은행" });
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "사업자등록증" })).toBeVisible();
  await choose(page, "사업자등록증.pdf", "application/pdf", PDF);
  await merchant.button("올리기").click();
  await expect(page.getByText("저장했습니다")).toBeVisible();
  await merchant.alive();
  await expect(line(merchant, "입력 전")).toHaveCount(0);

  // Two PGs, checked and submitted.
  await chooseModule(merchant, "KSNET", "결제창 일반결제 및 API 수기/정기결제", ["결제창 일반결제"], [["일반결제", "카드"], ["간편결제", "카카오페이"]]);
  await chooseModule(merchant, "카카오페이", "결제창 일반/정기결제", ["결제창 일반결제"], [["일반결제", "신용카드"]]);
  await merchant.link("신청 내용 확인").click();
  await expect(page.getByRole("main")).toContainText("220-81-62517");
  await expect(page.getByRole("main")).toContainText("저장됨");
  await merchant.alive();
  await merchant.button("제출하기").click();
  await expect(page.getByText("신청을 제출했습니다")).toBeVisible();
  await expect(line(merchant, "KSNET")).toContainText("신청 완료");
  await expect(line(merchant, "카카오페이")).toContainText("신청 완료");

  // The operator: one at the machine, one by a token with the scope for it.
  const token = operatorToken();
  const merchantsOwn = async (text: string) => idOn(await line(merchant, text).getByRole("link", { name: /자세히/ }).getAttribute("href") ?? "");
  const [ksnet, kakao] = [await merchantsOwn("KSNET"), await merchantsOwn("카카오페이")];
  expect((await applicationsByApi(token, "submitted")).map(({ id }) => id)).toContain(kakao);
  expect(operate("show", ksnet)).toContain("고양이 상점");
  expect(operate("account", ksnet).trim()).toBe(NUMBER.replaceAll("-", ""));
  operate("move", ksnet, "in_review");
  operate("move", ksnet, "contracted");
  await operateByApi(token, `${kakao}/move`, { to: "in_review" });
  await operateByApi(token, `${kakao}/move`, { to: "rejected", note: "서비스를 열 수 없습니다" });
  operate("review", ksnet, "366", "approved");
  await merchant.goto("/");
  await expect(line(merchant, "KSNET")).toContainText("계약 완료");
  await expect(line(merchant, "카카오페이")).toContainText("반려");
  // Two submitted, four moves.
  const told = () => mailsTo(account.email).filter((mail) => mail.includes("/application/pgs/")).length;
  await expect.poll(told).toBe(6);

  // It ends in a channel.
  await merchant.goto(`/application/pgs/${ksnet}`);
  await expect(page.getByText("계약이 끝났습니다")).toBeVisible();
  await page.getByLabel("카드사", { exact: true }).selectOption({ label: "현대카드" });
  await page.getByLabel("심사 상태").selectOption({ label: "심사 중" });
  await merchant.button("심사 상태 저장").click();
  await expect(page.getByText("카드사 심사 상태를 저장했습니다")).toBeVisible();
  await merchant.link("실연동 채널 추가").click();
  await expect(page).toHaveURL(/mode=live&provider=ksnet&module=ksnet/);
  await expect(merchant.field("채널 이름")).toBeVisible();
  await merchant.alive();
  await merchant.fill({ "채널 이름": "계약한 채널", "PG상점아이디 (MID)": "2001102849", apiKey: "the-key-of-the-contract" });
  const key = await merchant.saveNew();
  const reviews = page.getByRole("region", { name: "카드사 심사" });
  await expect(reviews).toContainText("신한카드");
  await expect(reviews).toContainText("심사 완료");
  await expect(reviews).toContainText("현대카드");
  expect(await core.channel(key)).toMatchObject({ mode: "live", provider: "ksnet", mid: "2001102849", secrets: { api_key: "the-key-of-the-contract" } });
});

test("보완 요청 comes with a message, is answered, and goes on", async ({ merchant, page, context, account: _ }) => {
  await enterAll(context.request);
  const id = await submitKsnet(context.request);
  await merchant.goto(APPLICATION);
  await expect(page.getByText("심사하는 동안에는 비즈니스 인증 정보를 바꿀 수 없습니다")).toBeVisible();
  await expect(page.getByRole("link", { name: /수정$/ })).toHaveCount(0);
  operate("move", id, "in_review");
  operate("move", id, "changes_requested", "--note", "주소가 등록증과 다릅니다");
  await merchant.goto(`/application/pgs/${id}`);
  await expect(page.getByText("주소가 등록증과 다릅니다")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("보완 요청");
  await merchant.goto("/application/business?step=business");
  await merchant.fill({ 주소: "서울시 강남구 2" });
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "서비스와 담당자" })).toBeVisible();
  // A stored account number is kept when nothing is typed.
  await merchant.goto("/application/business?step=settlement");
  await expect(page.getByText("저장된 계좌번호가 있습니다")).toBeVisible();
  await merchant.fill({ 은행: "국민은행" });
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "사업자등록증" })).toBeVisible();
  await merchant.goto("/application/summary");
  await expect(page.getByRole("main")).toContainText("서울시 강남구 2");
  await merchant.button("제출하기").click();
  await expect(page.getByText("신청을 제출했습니다")).toBeVisible();
  await expect(line(merchant, "KSNET")).toContainText("신청 완료");
  expect(operate("account", id).trim()).toBe(NUMBER.replaceAll("-", ""));
});

test("a wrong type, a 30 MB file and an HTML file named .pdf are refused beside the field", async ({ merchant, page, context, account: _ }) => {
  await consent(context.request);
  const html = Buffer.from("<!doctype html><script>alert(document.cookie)</script>");
  const large = join(tmpdir(), `large-${process.pid}.pdf`);
  writeFileSync(large, Buffer.concat([PDF, Buffer.alloc(30 * 1024 * 1024, 10)]));
  for (const [file, message] of [
    [{ name: "등록증.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") }, "PDF, PNG, JPEG 파일이 아닙니다"],
    [{ name: "등록증.pdf", mimeType: "application/pdf", buffer: html }, "PDF, PNG, JPEG 파일이 아닙니다"],
    [large, "10 MB가 넘는 파일입니다"],
  ] as const) {
    await merchant.goto(REGISTRATION);
    await page.locator("#file").setInputFiles(file);
    await merchant.button("올리기").click();
    await merchant.expectRefused(page.locator("#file"), message);
  }
  await merchant.goto(REGISTRATION);
  await choose(page, "등록증.pdf", "application/pdf", PDF);
  await merchant.button("올리기").click();
  await expect(page.getByText("저장했습니다")).toBeVisible();
  // It is taken home as a file, under a name of ours.
  const answer = await context.request.get("/application/registration");
  expect(answer.headers()["content-disposition"]).toBe('attachment; filename="business-registration.pdf"');
  expect(await answer.body()).toEqual(PDF);
});

test("Dev sees what was entered, Viewer the states alone, and a stranger nothing", async ({ merchant, browser, hydrated, context, stranger, account: _ }) => {
  await enterAll(context.request);
  const id = await submitKsnet(context.request);
  for (const [role, sees] of [["dev", true], ["viewer", false]] as const) {
    const member = await newMember(browser, context.request, role, hydrated);
    const person = new Merchant(member.page, hydrated);
    await person.goto(APPLICATION);
    await expect(line(person, "KSNET")).toContainText("신청 완료");
    await expect(member.page.getByText("고양이 상점")).toHaveCount(sees ? 1 : 0);
    await expect(person.link("결제대행사 추가")).toHaveCount(0);
    expect((await person.goto(`/application/pgs/${id}`))!.status()).toBe(sees ? 200 : 403);
    expect((await person.goto("/application/business"))!.status()).toBe(403);
    expect((await member.context.request.get("/application/registration")).status()).toBe(sees ? 200 : 403);
    await member.context.close();
  }
  expect((await stranger.goto(`/application/pgs/${id}`))!.status()).toBe(404);
  await merchant.goto(APPLICATION);
});
