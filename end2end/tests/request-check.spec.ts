// 요청 검사: a pasted or filled-in payment request, held against the gateway's guide. The same with and without JavaScript.
import { addChannel } from "../support/account";
import { expect, test } from "../support/fixtures";
import { CHANNELS } from "../support/merchant";

const KSNET = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", purpose: "payment", tax: "none" };
const PASTED = `IMP.request_pay(
  {
    pg: "ksnet.2999199999", // 테스트
    pay_method: 'card',
    merchant_uid: orderId,
    amount: 20000,
    currency: "KRW",
    card: { direct: { code: "041" } },
    display: { card_quota: [0, 6] },
  },
  function (rsp) {},
);`;

test("a pasted request is told what would be refused, with the guide that says so", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, KSNET);
  await merchant.openChannel(key);
  await merchant.link("요청 검사").click();
  await expect(page.getByRole("heading", { name: "요청 검사", level: 1 })).toBeVisible();
  await merchant.field("요청 붙여넣기").fill(PASTED);
  await merchant.button("붙여넣은 요청 검사").click();
  const result = page.getByRole("region", { name: "검사 결과" });
  await expect(result.getByText("거절될 수 있는 점: 7 · 주의할 점: 1")).toBeVisible();
  const findings = result.getByRole("listitem");
  await expect(findings.filter({ hasText: "tax_free가 없습니다." })).toContainText("KSNET 결제창 연동 가이드 (V1), 2. 결제 요청하기");
  for (const text of ["buyer_name이 없습니다.", "businessName이 필요합니다.", "bypass.ksnet.url이 필요합니다.", "할부개월 리스트를 함께 쓸 수 없습니다."]) {
    await expect(findings.filter({ hasText: text })).toHaveCount(1);
  }
  await expect(merchant.field("요청 붙여넣기")).toHaveValue(PASTED);
  await expect(page).toHaveURL(new RegExp(`${CHANNELS}/${key}/check$`));
});

test("what cannot be read is told with its line, and what was pasted stays", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, KSNET);
  await page.goto(`${CHANNELS}/${key}/check`);
  await merchant.field("요청 붙여넣기").fill("{\n  amount: 1000\n  tax_free: 0\n}");
  await merchant.button("붙여넣은 요청 검사").click();
  await merchant.expectRefused(merchant.field("요청 붙여넣기"), "3번째 줄: 이 앞에 쉼표(,)가 빠졌습니다.");
});

test("a request that is filled in is told beside its inputs", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, KSNET);
  await page.goto(`${CHANNELS}/${key}/check`);
  await page.getByText("직접 입력").click();
  await page.getByLabel("결제수단 · pay_method").selectOption("card");
  await page.getByLabel("결제금액 · amount").fill("만원");
  await merchant.button("입력한 값으로 검사").click();
  await merchant.expectRefused(page.getByLabel("결제금액 · amount"), "amount는 숫자여야 합니다.");
  await expect(page.getByLabel("결제수단 · pay_method")).toHaveValue("card");
});

test("a cash receipt has rules of its own", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, KSNET);
  await page.goto(`${CHANNELS}/${key}/check`);
  await merchant.link("현금영수증 등록").click();
  await merchant.field("요청 붙여넣기").fill('{"identifier": "1178178260", "product_type": "digital", "buyer_name": "홍길동"}');
  await merchant.button("붙여넣은 요청 검사").click();
  await expect(page.getByText("걸리는 점이 없습니다")).toBeVisible();
});
