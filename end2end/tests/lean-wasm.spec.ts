// What the browser downloads knows no payment gateway. No browser takes part: one project runs this.
import { PROVIDERS } from "../support/catalogue";
import { expect, test } from "../support/fixtures";

test("the program in the browser holds no provider's data", async ({ request }) => {
  const page = await (await request.get("/login")).text();
  const path = page.match(/\/pkg\/[\w.-]+\.wasm/)?.[0] ?? "";
  const answer = await request.get(path);
  expect(answer.status(), path).toBe(200);
  const program = (await answer.body()).toString("utf8");
  // What is ours is there, so that a search that finds nothing means something.
  expect(program).toContain("채널 추가");
  expect(program).not.toContain("KG이니시스");
  // English names such as Toss are parts of other words; Korean ones are not.
  const found = PROVIDERS.filter(({ name }) => /[가-힣]{3}/.test(name) && program.includes(name)).map(({ name }) => name);
  expect(found).toEqual([]);
});
