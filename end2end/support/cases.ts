// What the seeds tell a merchant to enter for KSNET, KG이니시스 and 스마트로, and what the payment core then reads.
import type { Mode } from "./merchant";

export interface Case {
  title: string;
  mode: Mode;
  provider: "KSNET" | "KG이니시스" | "스마트로";
  /** As the choice shows it. */
  label: string;
  /** A shared test MID that is picked, or a MID of one's own that is typed. */
  sharedMid?: string;
  ownMid?: string;
  uses?: string[];
  /** By label. */
  typed?: Record<string, string>;
  tax?: "과세" | "면세";
  purpose?: "본인인증";
  core: {
    provider: string;
    module: string;
    pgProvider: string;
    pgCode: string | null;
    uses?: string[];
    fields?: Record<string, string>;
    secrets?: Record<string, string>;
  };
  /** In which version of the payment API the module exists. */
  versions: ("V1" | "V2")[];
}

type Product = Pick<Case, "provider" | "label" | "versions"> & { core: Case["core"] };

const KSNET: Product = {
  provider: "KSNET",
  label: "결제창 일반결제 및 API 수기/정기결제",
  versions: ["V1", "V2"],
  core: { provider: "ksnet", module: "ksnet", pgProvider: "KSNET", pgCode: "ksnet" },
};
const INICIS_V2: Product = {
  provider: "KG이니시스",
  label: "결제창 일반/정기결제 및 API 수기/정기결제",
  versions: ["V2"],
  core: { provider: "inicis", module: "inicis_v2", pgProvider: "INICIS_V2", pgCode: null },
};
const HTML5_INICIS: Product = {
  provider: "KG이니시스",
  label: "결제창 일반/정기결제",
  versions: ["V1"],
  core: { provider: "inicis", module: "html5_inicis", pgProvider: "HTML5_INICIS", pgCode: "html5_inicis" },
};
const INICIS: Product = {
  provider: "KG이니시스",
  label: "API 수기/정기결제 및 신용카드 본인인증",
  versions: ["V1"],
  core: { provider: "inicis", module: "inicis", pgProvider: "INICIS", pgCode: "inicis" },
};
const INICIS_UNIFIED: Product = {
  provider: "KG이니시스",
  label: "통합인증",
  versions: ["V1", "V2"],
  core: { provider: "inicis", module: "inicis_unified", pgProvider: "INICIS_UNIFIED", pgCode: "inicis_unified" },
};
const SMARTRO_V2: Product = {
  provider: "스마트로",
  label: "결제창 일반/정기결제 및 API 수기/정기결제",
  versions: ["V1", "V2"],
  core: { provider: "smartro", module: "smartro_v2", pgProvider: "SMARTRO_V2", pgCode: "smartro_v2" },
};
const SMARTRO: Product = {
  provider: "스마트로",
  label: "결제창 일반결제",
  versions: ["V1"],
  core: { provider: "smartro", module: "smartro", pgProvider: "SMARTRO", pgCode: "smartro" },
};

type More = Partial<Omit<Case, "core">> & { core?: Partial<Case["core"]> };

function shared(product: Product, sharedMid: string, title: string, more: More = {}): Case {
  return { ...product, mode: "테스트", sharedMid, title, ...more, core: { ...product.core, ...more.core } };
}

function live(product: Product, ownMid: string, title: string, more: More): Case {
  return { ...product, mode: "실연동", ownMid, title, ...more, core: { ...product.core, ...more.core } };
}

// Keys with what a key may hold: signs, a space inside, the end of a base64 text.
const SIGN_KEY = "SU5JTElURV9UUklQTEVERVNfS0VZU1RS+/==";
const LITE_KEY = "lite key?&=%20<b>'\"`한글";

export const CASES: Case[] = [
  shared(KSNET, "2999199999", "tests one-time payments of KSNET with the shared MID 2999199999"),
  shared(KSNET, "2999199990", "tests recurring payments of KSNET with the shared MID 2999199990", { tax: "과세" }),
  live(KSNET, "2001102849", "connects a live KSNET MID with its apiKey", {
    typed: { apiKey: "ksnet-live-api-key" },
    tax: "면세",
    core: { secrets: { api_key: "ksnet-live-api-key" } },
  }),

  shared(INICIS_V2, "INIpayTest", "tests one-time payments of KG이니시스 in V2 with INIpayTest"),
  shared(INICIS_V2, "INIBillTst", "tests recurring payments of KG이니시스 in V2 with INIBillTst", {
    core: { uses: ["recurring"] },
  }),
  live(INICIS_V2, "MOIstore01", "connects a live KG이니시스 MID in V2 for recurring payments with signkey and INILite Key", {
    uses: ["정기결제"],
    typed: { "웹표준결제 signkey": SIGN_KEY, "INILite Key(정기결제)": LITE_KEY },
    core: { uses: ["recurring"], secrets: { sign_key: SIGN_KEY, inilite_key: LITE_KEY } },
  }),

  shared(HTML5_INICIS, "INIpayTest", "tests one-time payments of KG이니시스's V1 window with INIpayTest"),
  shared(HTML5_INICIS, "INIBillTst", "tests recurring payments of KG이니시스's V1 window with INIBillTst", {
    core: { uses: ["recurring"] },
  }),
  live(HTML5_INICIS, "MOIwindow1", "connects a live MID of KG이니시스's V1 window for one-time payments with the signkey alone", {
    typed: { "웹표준결제 signkey": SIGN_KEY },
    core: { secrets: { sign_key: SIGN_KEY } },
  }),
  live(HTML5_INICIS, "MOIwindow2", "connects a live MID of KG이니시스's V1 window for recurring payments with the INILite Key", {
    uses: ["정기결제"],
    typed: { "웹표준결제 signkey": SIGN_KEY, "INILite Key": LITE_KEY },
    core: { uses: ["recurring"], secrets: { sign_key: SIGN_KEY, inilite_key: LITE_KEY } },
  }),

  shared(INICIS, "INIBillTst", "tests recurring payments of KG이니시스's old API with INIBillTst", {
    core: { uses: ["recurring"] },
  }),
  live(INICIS, "MOIapi0001", "connects a live MID of KG이니시스's old API with signkey and INILite Key", {
    uses: ["정기결제"],
    typed: { "웹표준결제 signkey": SIGN_KEY, "INILite Key": LITE_KEY },
    core: { uses: ["recurring"], secrets: { sign_key: SIGN_KEY, inilite_key: LITE_KEY } },
  }),

  shared(INICIS_UNIFIED, "MIIiasTest", "tests identity verification of KG이니시스 with MIIiasTest", { purpose: "본인인증" }),
  live(INICIS_UNIFIED, "MIImerch01", "connects a live MID of KG이니시스 통합인증 with its apikey", {
    purpose: "본인인증",
    typed: { apikey: "unified-api-key" },
    core: { secrets: { api_key: "unified-api-key" } },
  }),

  shared(SMARTRO_V2, "t_2302141m", "tests one-time payments of 스마트로 with t_2302141m"),
  shared(SMARTRO_V2, "t_2302165m", "tests escrow payments of 스마트로 with t_2302165m", { core: { uses: ["escrow"] } }),
  shared(SMARTRO_V2, "t_2302142m", "tests recurring payments of 스마트로 with t_2302142m and its ssp Mall ID", {
    core: { uses: ["recurring"], fields: { ssp_mall_id: "t_2302142p" } },
  }),
  shared(SMARTRO_V2, "t_2302161m", "tests overseas payments of 스마트로 with t_2302161m"),
  live(SMARTRO_V2, "smt000001m", "connects a live 스마트로 MID with Key and 거래취소 비밀번호", {
    typed: { Key: SIGN_KEY, "거래취소 비밀번호": "9a8b7c" },
    core: { secrets: { merchant_key: SIGN_KEY, cancel_password: "9a8b7c" } },
  }),

  shared(SMARTRO, "iamport01m", "tests the old module of 스마트로 with iamport01m"),
  live(SMARTRO, "smt000002m", "connects a live MID of the old module of 스마트로 with Key and 거래취소 비밀번호", {
    typed: { Key: SIGN_KEY, "거래취소 비밀번호": "1234" },
    core: { secrets: { merchant_key: SIGN_KEY, cancel_password: "1234" } },
  }),
];
