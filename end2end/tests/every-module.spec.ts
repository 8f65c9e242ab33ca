// Every module that can be added, in every mode it supports; without JavaScript only, which takes half the time.
import { addEach } from "../support/add-each";
import { ADDABLE } from "../support/catalogue";

addEach(ADDABLE);
