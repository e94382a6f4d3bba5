/**
 * Dates in words, never more precise than they are known: `2019`, `2023-09`, `2018-01-11`, each with `~` (about)
 * behind it, `[..D]` (not later), `[D..]` (not earlier), and local times such as `2018-01-11T17:00`.
 */

/** @type {Record<string, Forms>} */
const FORMS = {
  de: {
    about: "etwa {}",
    notLater: "spätestens {}",
    notEarlier: "frühestens {}",
    sinceNotLater: "seit spätestens {}",
    since: "seit {}",
    until: "bis {}",
    from: "ab {}",
    span: "{} bis {}",
    and: "{}. und {}",
    days: "{}.–{}",
    time: "{}, {} Uhr",
    day: "{}. {} {}",
    asOf: "Stand {}",
  },
  en: {
    about: "about {}",
    notLater: "not later than {}",
    notEarlier: "not earlier than {}",
    sinceNotLater: "since {} at the latest",
    since: "since {}",
    until: "until {}",
    from: "from {}",
    span: "{} to {}",
    and: "{} and {}",
    days: "{}–{}",
    time: "{}, {}",
    day: "{} {} {}",
    asOf: "as of {}",
  },
};

/** Made once: it takes longer than all else that a date needs. @type {Map<string, string[]>} */
const monthNames = new Map();

/**
 * Return the parts of a date as they are written, or undefined when it is none.
 *
 * @param {string} text
 * @returns {Parts | undefined}
 */
export function parts(text) {
  const found = /^(\[\.\.|\[)?(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d)[\d:.]*)?(~)?(\.\.\]|\])?$/.exec(text);
  if (!found) return undefined;
  const [, open, year, month, day, time, about, end] = found;
  return {
    year: Number(year),
    ...(month && { month: Number(month) }),
    ...(day && { day: Number(day) }),
    ...(time && { time }),
    about: Boolean(about),
    open: open === "[.." ? "start" : end === "..]" ? "end" : "",
  };
}

/**
 * Return a date in words: "September 2023", "etwa 2018", "not later than 16 September 2015".
 *
 * @param {string} text
 * @param {string} language
 */
export function inWords(text, language) {
  const date = parts(text);
  if (!date) return text;
  const forms = formsOf(language);
  const form = { "": "{}", start: forms.notLater, end: forms.notEarlier }[date.open];
  return fill(form, plain(date, language));
}

/**
 * Return since when something holds and until when, or the day for which it was told; "" when nothing is known.
 *
 * @param {{since?: string, until?: string, as_of?: string}} statement
 * @param {string} language
 */
export function period({ since, until, as_of: asOf }, language) {
  const forms = formsOf(language);
  if (since && until) return since === until ? inWords(since, language) : range(since, until, language);
  if (since) return sinceThen(since, language);
  if (until) return fill(forms.until, inWords(until, language));
  return asOf ? fill(forms.asOf, inWords(asOf, language)) : "";
}

/**
 * Return when an event is: "15. und 16. Juni 2023", "11 January 2018, 17:00", "ab 11. Januar 2018".
 *
 * @param {When} when
 * @param {string} language
 */
export function eventTime(when, language) {
  const { start, end } = when;
  const last = end && parts(end);
  if (!end || !last || end === start) return inWords(start, language);
  if (last.open === "end") return fill(formsOf(language).from, inWords(start, language));
  return range(start, end, language);
}

/**
 * Return the earliest year of a date, or undefined where its beginning is open or unknown.
 *
 * @param {string | undefined} text
 */
export function yearOf(text) {
  return text ? parts(text)?.year : undefined;
}

/**
 * Return what `<time datetime>` may hold, or undefined: HTML knows no "about" and no "not later than".
 *
 * @param {string} text
 */
export function machine(text) {
  const date = parts(text);
  return date && !date.about && !date.open ? text : undefined;
}

/**
 * Return today as `2026-11-28`, in the register's time zone.
 *
 * @param {Date} now
 */
export function today(now = new Date()) {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" }).format(now);
}

/**
 * Return the name of a month, 1 to 12.
 *
 * @param {number} month
 * @param {string} language
 */
export function monthName(month, language) {
  let names = monthNames.get(language);
  if (!names) {
    const form = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
    monthNames.set(language, (names = Array.from({ length: 12 }, (_, index) => form.format(Date.UTC(2024, index, 1)))));
  }
  return names[month - 1] ?? String(month);
}

/**
 * @param {string} text
 * @param {string} language
 */
function sinceThen(text, language) {
  const date = parts(text);
  const forms = formsOf(language);
  const form = date?.open === "start" ? forms.sinceNotLater : forms.since;
  return fill(form, date?.open === "start" ? plain(date, language) : inWords(text, language));
}

/**
 * @param {string} first
 * @param {string} last
 * @param {string} language
 */
function range(first, last, language) {
  const forms = formsOf(language);
  const [from, to] = [parts(first), parts(last)];
  const sameMonth = from?.day && to?.day && from.year === to.year && from.month === to.month;
  const bothPlain = from && to && !from.about && !to.about && !from.open && !to.open;
  if (sameMonth && bothPlain && !from.time && !to.time) {
    return fill(to.day === Number(from.day) + 1 ? forms.and : forms.days, String(from.day), plain(to, language));
  }
  if (sameMonth && bothPlain && from.time && to.time && from.day === to.day) {
    const { time: _, ...day } = from;
    return fill(forms.time, plain(day, language), `${from.time}–${to.time}`);
  }
  return fill(forms.span, inWords(first, language), inWords(last, language));
}

/**
 * @param {Parts} date
 * @param {string} language
 */
function plain({ year, month, day, time, about }, language) {
  const forms = formsOf(language);
  let said = String(year);
  if (month) {
    const name = monthName(month, language);
    said = day ? fill(forms.day, String(day), name, said) : `${name} ${said}`;
  }
  if (time) said = fill(forms.time, said, time);
  return about ? fill(forms.about, said) : said;
}

/**
 * @param {string} language
 * @returns {Forms}
 */
function formsOf(language) {
  return FORMS[language] ?? /** @type {Forms} */ (FORMS["en"]);
}

/**
 * @param {string} form
 * @param {string[]} values
 */
function fill(form, ...values) {
  let index = 0;
  return form.replace(/\{\}/g, () => values[index++] ?? "");
}
