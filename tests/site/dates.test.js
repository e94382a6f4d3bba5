import assert from "node:assert/strict";
import { before, test } from "node:test";

import { monthBeside, weekdays, weeks } from "../../infra/site/app/month.js";
import { eventTime, inWords, isExact, period, speak, today, yearOf } from "../../infra/site/app/words.js";

before(() => speak("de"));

test("a date is said as precisely as it is known, and no more precisely", async () => {
  const said = ["2019", "2023-09", "2018-01-11", "2018~", "2018-01~", "[..2015-09-16]", "[2018-01-11..]", "2018-01-11T17:00"];

  assert.deepEqual(
    said.map(inWords),
    [
      "2019",
      "September 2023",
      "11. Januar 2018",
      "etwa 2018",
      "etwa Januar 2018",
      "spätestens 16. September 2015",
      "frühestens 11. Januar 2018",
      "11. Januar 2018, 17:00 Uhr",
    ],
  );
  await speak("en");
  assert.deepEqual(
    said.map(inWords),
    [
      "2019",
      "September 2023",
      "11 January 2018",
      "about 2018",
      "about January 2018",
      "not later than 16 September 2015",
      "not earlier than 11 January 2018",
      "11 January 2018, 17:00",
    ],
  );
  await speak("de");
});

test("what is no date is shown as it stands", () => {
  assert.equal(inWords("soon"), "soon");
});

test("a statement says since when, until when, or when it was known", async () => {
  const statements = [
    { since: "2019" },
    { until: "2018-03" },
    { since: "2008", until: "2018" },
    { since: "2008", until: "2008" },
    { since: "[..2015-09-16]" },
    { since: "2018~" },
    { as_of: "2018-01-05" },
    { since: "2009", as_of: "2018-01-05" },
    {},
  ];

  assert.deepEqual(
    statements.map(period),
    ["seit 2019", "bis März 2018", "2008 bis 2018", "2008", "seit spätestens 16. September 2015", "seit etwa 2018", "Stand 5. Januar 2018", "seit 2009", ""],
  );
  await speak("en");
  assert.equal(period({ since: "[..2015-09-16]" }), "since 16 September 2015 at the latest");
  await speak("de");
});

test("an event's days are drawn together, its open end is not", async () => {
  const times = [
    { start: "2023-09" },
    { start: "2023-06-15", end: "2023-06-16" },
    { start: "2023-06-15", end: "2023-06-18" },
    { start: "2023-06-30", end: "2023-07-01" },
    { start: "2018-01-11", end: "[2018-01-11..]" },
    { start: "2018-01-11T17:00", end: "2018-01-11T19:30" },
    { start: "2018-01-11T17:00", end: "2018-01-12T10:00" },
    { start: "[..2006-07-14]" },
  ];

  assert.deepEqual(
    times.map(eventTime),
    [
      "September 2023",
      "15. und 16. Juni 2023",
      "15.–18. Juni 2023",
      "30. Juni 2023 bis 1. Juli 2023",
      "ab 11. Januar 2018",
      "11. Januar 2018, 17:00–19:30 Uhr",
      "11. Januar 2018, 17:00 Uhr bis 12. Januar 2018, 10:00 Uhr",
      "spätestens 14. Juli 2006",
    ],
  );
  assert.equal(eventTime(null), "Termin offen");
  await speak("en");
  assert.equal(eventTime({ start: "2023-06-15", end: "2023-06-18" }), "15–18 June 2023");
  await speak("de");
});

test("machines get a date only where its form says all of it", () => {
  const exact = ["2019", "2023-09", "2018-01-11T17:00", "2018~", "[..2015]", "[2018..]", "soon"].filter(isExact);

  assert.deepEqual(exact, ["2019", "2023-09", "2018-01-11T17:00"]);
});

test("a date stands under its year", () => {
  assert.deepEqual(["2019", "[..2015-09-16]", "2018-01-11T17:00", "soon", undefined].map(yearOf), [2019, 2015, 2018, undefined, undefined]);
});

test("today is the day in the register's time zone", () => {
  assert.equal(today(new Date("2026-11-28T22:59:59Z")), "2026-11-28");
  assert.equal(today(new Date("2026-11-28T23:00:00Z")), "2026-11-29");
});

test("a month has its weeks, Monday first", () => {
  assert.deepEqual(weeks("2023-09")[0], [null, null, null, null, "2023-09-01", "2023-09-02", "2023-09-03"]);
  assert.deepEqual(weeks("2024-02").at(-1), ["2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29", null, null, null]);
  assert.equal(weeks("2021-02").length, 4);
  assert.deepEqual(weekdays("de", "short"), ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]);
});

test("months follow each other over the turn of a year", () => {
  assert.equal(monthBeside("2023-12", 1), "2024-01");
  assert.equal(monthBeside("2023-01", -1), "2022-12");
});
