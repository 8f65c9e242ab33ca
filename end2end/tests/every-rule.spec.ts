// The same as for every module, hydrated, for modules that together use every kind of rule.
import { addEach } from "../support/add-each";
import { ADDABLE } from "../support/catalogue";

/** Together they use every kind of rule: generations, uses, pairs, lengths, several lines, public fields, both purposes. */
const MODULES = [
  "nice_v2",
  "danal",
  "mobilians",
  "welcome",
  "kcp",
  "kcp_v2_identity",
  "naverpay",
  "payco",
  "smartro_v2",
  "inicis",
  "inicis_v2",
  "hyphen",
  "paypal_v2",
];

addEach(ADDABLE.filter(({ module }) => MODULES.includes(module.id)));
