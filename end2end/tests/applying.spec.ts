// 전자결제 신청: the name of the service, what each gateway's contract needs, and every state as every role sees it.
import type { Page } from "@playwright/test";
import { APPLICATION, consent, draftKsnet, enterAll, operate, SERVICE, submit } from "../support/application";
import { expect, test } from "../support/fixtures";
import { newMember } from "../support/team";

test("a service whose name does not exist, or is a private one, is refused beside the field", async ({ merchant, page, context, account: _ }) => {
  await consent(context.request);
  await merchant.goto("/application/business?step=service");
  await merchant.fill({
    "담당자 이름": SERVICE["form[contact_name]"],
    "담당자 이메일": SERVICE["form[contact_email]"],
    "담당자 전화번호": SERVICE["form[contact_phone]"],
  });
  const url = merchant.field("서비스 URL");
  for (const [typed, words] of [
    ["https://shop.exmaple.com/about", "도메인 이름이 DNS에 없습니다"],
    ["https://intranet.example.com", "사내망 주소(사설 IP)를 가리킵니다"],
  ] as const) {
    await url.fill(typed);
    await merchant.button("저장하고 다음").click();
    await merchant.expectRefused(url, words);
    await expect(url).toHaveValue(typed);
    await expect(merchant.field("담당자 이름")).toHaveValue(SERVICE["form[contact_name]"]);
    await merchant.alive();
  }
  await url.fill(SERVICE["form[url]"]);
  await merchant.button("저장하고 다음").click();
  await expect(page.getByRole("heading", { level: 2, name: "정산 계좌" })).toBeVisible();
});

// As the catalogue has it, and it from the gateways' guides.
const CONTRACTS = [
  {
    provider: "KSNET",
    module: "결제창 일반결제 및 API 수기/정기결제",
    needs: [],
    follows: [
      "계약을 마치면 KSNET이 알려 주는 상점아이디입니다",
      "apiKey",
      "계약을 마치면 KSNET이 상점아이디와 함께 알려 주는 키입니다",
      "이 상점아이디의 카드사 심사가 끝나야 결제가 승인됩니다",
    ],
    methods: ["실시간계좌이체", "휴대폰 소액결제", "SSGpay"],
  },
  {
    provider: "네이버페이 결제형",
    module: "네이버페이 결제형",
    needs: ["매출이 발생한 지 1개월 이상이어야 하고, 일반 PG에도 가입되어 있어야 합니다"],
    follows: ["네이버페이의 기술 검수를 통과해야 서비스를 열 수 있습니다", "ClientID", "Client Secret"],
    methods: [],
  },
];

test("what each gateway's contract needs, and what follows, stands beside the choice", async ({ merchant, page, context, account: _ }) => {
  await consent(context.request);
  for (const { provider, module, needs, follows, methods } of CONTRACTS) {
    await merchant.goto("/application/pgs/new");
    await page.getByRole("link", { name: provider, exact: true }).click();
    await expect(page.getByRole("heading", { name: "결제 모듈 선택" })).toBeVisible();
    await page.getByRole("listitem").getByRole("link").filter({ hasText: module }).first().click();
    const needed = page.getByRole("region", { name: "계약에 필요한 것" });
    await expect(needed).toContainText("비즈니스 인증에서 등록한 사업자 정보로 신청합니다");
    for (const fact of needs) await expect(needed).toContainText(fact);
    const following = page.getByRole("region", { name: "계약 뒤 콘솔에서 할 일" });
    for (const fact of follows) await expect(following).toContainText(fact);
    for (const method of methods) await expect(page.getByLabel(method, { exact: true })).toBeVisible();
  }
});

/** A state: who brings it about, the chip, what the operator said, and what an Owner can do then. */
const STATES: { move?: string[]; chip: string; note?: string; can: string[]; cannot: string[] }[] = [
  { chip: "작성 중", can: ["수정", "신청 내용 확인", "목록에서 빼기"], cannot: ["다시 신청하기"] },
  { move: ["submitted"], chip: "신청 완료", can: [], cannot: ["수정", "다시 신청하기"] },
  { move: ["in_review"], chip: "심사 중", can: [], cannot: ["수정", "다시 신청하기"] },
  { move: ["changes_requested", "--note", "주소가 등록증과 다릅니다"], chip: "보완 요청", note: "주소가 등록증과 다릅니다", can: ["수정", "신청 내용 확인"], cannot: ["다시 신청하기", "목록에서 빼기"] },
  { move: ["rejected", "--note", "받지 않는 업종입니다"], chip: "반려", note: "받지 않는 업종입니다", can: ["다시 신청하기"], cannot: ["수정", "신청 내용 확인"] },
];

test("every state is told to everybody; what was entered to those who may see it; and only Owner and Admin move it", async ({ merchant, page, browser, hydrated, context, account: _ }) => {
  test.setTimeout(120_000);
  await enterAll(context.request);
  const [manager, viewer] = [
    await newMember(browser, context.request, "manager", hydrated),
    await newMember(browser, context.request, "viewer", hydrated),
  ];
  /** The line of the gateway, on the page of whoever looks. */
  const line = (of: Page) => of.getByRole("main").locator(".application-line").filter({ hasText: "KSNET" });
  const act = (of: Page, name: string) =>
    of.getByRole("main").getByRole("link", { name, exact: true }).or(of.getByRole("main").getByRole("button", { name, exact: true }));
  let path = "";
  const look = async ({ chip, note, can, cannot }: (typeof STATES)[number]) => {
    await merchant.goto(path);
    await expect(page.getByRole("main").locator(".page-head")).toContainText(chip);
    for (const name of can) await expect(act(page, name), `${chip}: ${name}`).toHaveCount(1);
    for (const name of cannot) await expect(act(page, name), `${chip}: ${name}`).toHaveCount(0);
    if (note) await expect(page.getByRole("main")).toContainText(note);
    for (const person of [manager, viewer]) {
      const sees = person === manager;
      await person.page.goto(APPLICATION);
      await expect(line(person.page)).toContainText(chip);
      await expect(person.page.getByText("고양이 상점")).toHaveCount(sees ? 1 : 0);
      await expect(act(person.page, `KSNET 결제창 일반결제 및 API 수기/정기결제 자세히 보기`)).toHaveCount(sees ? 1 : 0);
      if (note) await expect(person.page.getByText(note)).toHaveCount(sees ? 1 : 0);
      for (const name of ["결제대행사 추가", "신청 내용 확인", "사업자 정보 수정"]) await expect(act(person.page, name)).toHaveCount(0);
    }
    await manager.page.goto(path);
    await expect(manager.page.getByRole("main").locator(".page-head")).toContainText(chip);
    for (const name of [...can, "목록에서 빼기"]) await expect(act(manager.page, name), `${chip}: ${name}`).toHaveCount(0);
  };
  const id = await draftKsnet(context.request);
  path = `/application/pgs/${id}`;
  for (const state of STATES) {
    if (state.move?.[0] === "submitted") await submit(context.request, id);
    else if (state.move) operate("move", id, ...state.move);
    await look(state);
  }
  // Taken in hand again: it still says why.
  await merchant.goto(path);
  await merchant.button("다시 신청하기").click();
  await expect(page.getByText("다시 작성할 수 있습니다")).toBeVisible();
  await look({ chip: "작성 중", note: "받지 않는 업종입니다", can: ["수정", "신청 내용 확인"], cannot: ["다시 신청하기", "목록에서 빼기"] });
  await submit(context.request, id);
  operate("move", id, "in_review");
  operate("move", id, "contracted");
  await look({ chip: "계약 완료", can: ["실연동 채널 추가", "심사 상태 저장"], cannot: ["수정", "다시 신청하기"] });
  // Who sees states alone is told so, and led nowhere.
  expect((await viewer.page.goto(path))!.status()).toBe(403);
  for (const person of [manager, viewer]) await person.context.close();
});
