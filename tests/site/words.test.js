import assert from "node:assert/strict";
import { before, test } from "node:test";

import config from "../../infra/site/config.js";
import { web } from "../../infra/site/app/dom.js";
import { placeOf, to, toRecord } from "../../infra/site/app/router.js";
import { count, figureOf, plain, speak, topicName, word, words } from "../../infra/site/app/words.js";
import english from "../../infra/site/app/words/en.js";
import german from "../../infra/site/app/words/de.js";

/** Every path to a text, with the places in it that are filled. */
function shape(value, path = "") {
  if (typeof value === "string") return [`${path} ${value.match(/\{\w*\}/g)?.sort().join("") ?? ""}`];
  return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}/${key}`));
}

before(() => speak("de"));

test("both languages say the same, with the same places to fill", () => {
  assert.deepEqual(shape(english), shape(german));
});

test("every language of the configuration has its words", async () => {
  for (const language of Object.keys(config.languages)) {
    await speak(language);
    assert.ok(words.nav.organisations);
  }
  await speak("de");
});

test("a figure stays as vague as it was told", () => {
  const figures = [
    { measure: "members_and_partners", qualifier: "about", value: 50 },
    { measure: "members", qualifier: "exact", value: 8 },
    { measure: "members", qualifier: "exact", value: 1 },
    { measure: "participants", qualifier: "at_least", value: 1200 },
    { measure: "employees", qualifier: "about", min: 50, max: 60 },
    { measure: "participants", qualifier: "about", value: 20, scope: "Unternehmer" },
    { measure: "other", qualifier: "exact", value: 12, scope: "Digital Hubs in Deutschland" },
  ];

  assert.deepEqual(figures.map(figureOf), [
    "rund 50 Mitglieder und Partner",
    "8 Mitglieder",
    "1 Mitglied",
    "mindestens 1.200 Teilnehmende",
    "rund 50–60 Beschäftigte",
    "rund 20 Teilnehmende (Unternehmer)",
    "12: Digital Hubs in Deutschland",
  ]);
});

test("a text comes in the page's language, else in one that it has", () => {
  assert.equal(plain({ en: "Network", de: "Netzwerk" }), "Netzwerk");
  assert.equal(plain({ en: "Network" }), "Network");
  assert.equal(plain(undefined), "");
});

test("one is singular, none and many are plural", () => {
  assert.deepEqual([0, 1, 2].map((each) => count(each, words.counts.events)), ["0 Veranstaltungen", "1 Veranstaltung", "2 Veranstaltungen"]);
});

test("a topic is written as configured, else as its words", () => {
  assert.deepEqual(["it-sicherheit", "mobilitaet", "smart-services"].map(topicName), ["IT-Sicherheit", "Mobilität", "Smart services"]);
});

test("a word that a newer API knows is shown as it is", () => {
  assert.equal(word(words.kinds, "guild"), "guild");
});

test("an address says language, page and record", () => {
  const { language, page, id, query } = placeOf({ pathname: "/en/organisations/org_01", search: "?as_of=2016" });

  assert.deepEqual([language, page, id, query.get("as_of")], ["en", "organisations", "org_01", "2016"]);
  assert.equal(placeOf({ pathname: "/", search: "" }).page, "start");
  assert.equal(placeOf({ pathname: "/de/", search: "" }).page, "start");
  assert.equal(placeOf({ pathname: "/events", search: "" }).language, undefined);
  assert.equal(placeOf({ pathname: "/de/events/evt_01/more", search: "" }).page, "missing");
});

test("addresses are made so that they are read back the same", () => {
  assert.equal(to("events", "evt_01", { month: "2023-09", q: "" }), "/de/events/evt_01?month=2023-09");
  assert.equal(to("start"), "/de/");
  assert.equal(toRecord("coop_01"), "/de/cooperations/coop_01");
  assert.equal(toRecord("mem_01"), undefined);
});

test("only addresses of the web become links", () => {
  assert.equal(web("https://example.org/"), "https://example.org/");
  for (const address of ["javascript:alert(1)", "data:text/html,x", "//example.org", "mailto:a@example.org", "", undefined]) {
    assert.equal(web(address), undefined);
  }
});
