// What a screen reader is told, what a keyboard alone can do, and that nothing moves for who asked for that.
import { addChannel } from "../support/account";
import { APPLICATION, enterAll } from "../support/application";
import { expect, test } from "../support/fixtures";
import { issuing, postForSecret, V2 } from "../support/keys";
import { CHANNELS } from "../support/merchant";

const KSNET = "결제창 일반결제 및 API 수기/정기결제";
const SHARED = { mode: "test", provider: "ksnet", module: "ksnet", shared_mid: "2999199999", name: "첫 채널", purpose: "payment", tax: "none" };

test("the login is told by names", async ({ merchant, page }) => {
  await merchant.goto("/login");
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "로그인" [level=1]
      - textbox "이메일"
      - textbox "비밀번호"
      - button "로그인"
      - paragraph:
        - link "비밀번호를 잊으셨나요?"
      - paragraph:
        - link "가입"
      - button "English"
  `);
});

test("the list and a channel are told by names", async ({ merchant, page, context, account: _ }) => {
  const key = await addChannel(context.request, SHARED);
  await merchant.goto(CHANNELS);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "채널 관리" [level=1]
      - link "채널 추가"
      - navigation "연동 관리":
        - link "채널 관리"
        - link "식별코드 · API Keys"
      - navigation "연동 모드":
        - link "실연동"
        - link "테스트"
      - search:
        - searchbox
      - list:
        - listitem:
          - link /첫 채널/
  `);
  await merchant.openChannel(key);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - paragraph:
        - link "채널 관리"
      - heading "첫 채널" [level=1]
      - button "일시중지"
      - link "수정"
      - heading "채널 정보" [level=2]
      - term: 채널 키
      - definition:
        - code: /channel-key-/
      - heading "채널 삭제" [level=2]
      - textbox /사유/
      - button "삭제"
      - complementary:
        - heading "이 모듈에 대하여" [level=2]
  `);
});

test("adding a channel is told by names", async ({ merchant, page, account: _ }) => {
  await merchant.chooseModule("테스트", "KSNET", KSNET);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "채널 추가" [level=1]
      - list:
        - listitem
        - listitem
      - textbox "채널 이름"
      - combobox "채널 속성":
        - option "결제" [selected]
      - group /PG상점아이디/:
        - radio /2999199999/
      - group /과세설정/:
        - radio "미설정" [checked]
        - radio "과세"
        - radio "면세"
      - button "저장"
  `);
});

test("credentials and the first page of 전자결제 신청 are told by names", async ({ merchant, page, context, account: _ }) => {
  await postForSecret(context.request, `${V2}/new`, issuing("결제 서버"));
  await enterAll(context.request);
  await merchant.goto(V2);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "식별코드 · API Keys" [level=1]
      - link "새로운 API Secret 발급"
      - navigation "API 버전"
      - region "API Secret":
        - list:
          - listitem:
            - paragraph:
              - strong: 결제 서버
            - paragraph:
              - link "결제 서버 교체"
              - link "결제 서버 폐기"
  `);
  await merchant.goto(APPLICATION);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "전자결제 신청" [level=1]
      - region "비즈니스 인증":
        - heading "비즈니스 인증" [level=2]
        - link "내려받기 사업자등록증"
        - list:
          - listitem:
            - link "사업자 정보 수정"
          - listitem:
            - link "서비스와 담당자 수정"
          - listitem:
            - link "정산 계좌 수정"
          - listitem:
            - link "사업자등록증 수정"
      - region "신청할 결제대행사":
        - heading "신청할 결제대행사" [level=2]
        - link "결제대행사 추가"
  `);
});

test("a channel is added by the keyboard alone", async ({ merchant, page, core, account: _ }) => {
  await merchant.goto(CHANNELS);
  /** Goes on by Tab until what has this name and role is reached; what cannot be reached so fails. */
  const reach = async (role: string, name: string | RegExp) => {
    const target = page.getByRole(role as "button", { name, exact: typeof name === "string" }).first();
    for (let step = 0; step < 120; step += 1) {
      await page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return target;
    }
    throw new Error(`the keyboard does not reach ${role} ${name}`);
  };
  // The first stop leads past the menu.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "본문으로 건너뛰기" })).toBeFocused();
  await page.keyboard.press("Enter");
  await reach("link", "채널 추가");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "채널 추가" })).toBeVisible();
  await merchant.alive();
  await reach("radio", "테스트");
  await page.keyboard.press("Space");
  // One stop for the whole group; arrows go on within it.
  const first = page.locator("input[name=provider]").first();
  const at = () => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.name);
  for (let step = 0; step < 20 && (await at()) !== "provider"; step += 1) await page.keyboard.press("Tab");
  await expect(first).toBeAttached();
  await page.keyboard.press("Space");
  const ksnet = page.getByRole("radio", { name: "KSNET", exact: true });
  for (let step = 0; step < 40 && !(await ksnet.isChecked()); step += 1) await page.keyboard.press("ArrowDown");
  await expect(ksnet).toBeChecked();
  if (!merchant.hydrated) {
    await reach("button", "다음");
    await page.keyboard.press("Enter");
    await expect(merchant.module(KSNET)).toBeAttached();
    await page.keyboard.press("Tab");
  }
  for (let step = 0; step < 40 && (await at()) !== "module"; step += 1) await page.keyboard.press("Tab");
  const module = merchant.module(KSNET);
  await page.keyboard.press("Space");
  for (let step = 0; step < 10 && !(await module.isChecked()); step += 1) await page.keyboard.press("ArrowDown");
  await expect(module).toBeChecked();
  await reach("button", "다음");
  await page.keyboard.press("Enter");
  await expect(merchant.field("채널 이름")).toBeVisible();
  await merchant.alive();
  await reach("textbox", /^채널 이름/);
  await page.keyboard.type("손으로만");
  const mid = merchant.sharedMid("2999199999");
  for (let step = 0; step < 40 && (await at()) !== "form[shared_mid]"; step += 1) await page.keyboard.press("Tab");
  for (let step = 0; step < 20 && !(await mid.isChecked()); step += 1) await page.keyboard.press(step === 0 ? "Space" : "ArrowDown");
  await expect(mid).toBeChecked();
  await reach("button", "저장");
  await page.keyboard.press("Enter");
  await expect(page.getByText("채널을 추가했습니다")).toBeVisible();
  expect(await core.channel(await merchant.shownKey())).toMatchObject({ name: "손으로만", mid: "2999199999", mode: "test" });
});

test("nothing moves for who asked for less motion", async ({ merchant, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await merchant.goto("/login");
  const button = merchant.button("로그인");
  await button.evaluate((element) => element.setAttribute("aria-busy", "true"));
  const moving = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((element) =>
        [null, "::before", "::after"].flatMap((part) => {
          const { transitionDuration, animationName } = getComputedStyle(element, part);
          return animationName !== "none" || transitionDuration.split(",").some((time) => parseFloat(time) > 0) ? [`${element.tagName} ${part}`] : [];
        }),
      ),
    );
  expect(await moving()).toEqual([]);
  // Others see it turn: what was looked for is there to be found.
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect((await moving()).length).toBeGreaterThan(0);
});
