"""What the document says of each operation, beyond its summary, and of the errors."""

from collections.abc import Mapping
from typing import Final

TAGS: Final[Mapping[str, str]] = {
    "organisations": "Networks, companies, universities, chambers, authorities; with what they are tied to.",
    "memberships": "Who is in which network, from when to when, in which grade.",
    "events": "Conferences, workshops, series, campaigns; with parts, organisers and programme.",
    "cooperations": "Agreements, projects and partnerships of several organisations, and what came of them.",
    "search": "Find what you know some words of, in any spelling.",
    "overview": "What is offered, and how much there is: on which topics, where, when, in which network.",
    "network": "Who is tied to whom, by which records and when.",
    "changes": "What has changed, for whoever keeps a copy.",
    "calendars": "Events as calendar programs take them (iCalendar, RFC 5545), without a key.",
    "feeds": "What was entered last, for feed readers and news pages, without a key.",
    "exports": "The whole register as one file, under an open licence.",
    "partners": "What a key is good for, and many records at once.",
    "webhooks": "Be told of changes, in signed messages.",
    "messages": "What webhooks receive.",
    "jobs": "What an office has asked for that takes longer than a request.",
    "documentation": "This document, and what the types of problem mean.",
}

_CREATE: Final = (
    "The answer holds the new record as everybody may read it, `Location` its address. A pair in `external_ids` is"
    " unique in the whole register, so sending the same record twice is refused with 409 when it carries one."
)
_REPLACE: Final = (
    "Fields that are left out are removed, but for what the register keeps itself. A write that changes nothing answers"
    " 200 with the same version."
)
_PATCH: Final = (
    "A JSON Merge Patch (RFC 7396): only what changes. `null` removes a field, objects are merged, lists are replaced"
    " as a whole. A patch that changes nothing answers 200 with the same version."
)
_DELETE: Final = (
    "For records that were entered in error; what has ended gets an end instead. Refused with 409 while other records"
    " refer to it: `related` names up to 20 of them. The id answers 410 from then on."
)
_DELETE_ORGANISATION: Final = (
    _DELETE + " So it is while a key of the organisation is live: the register's office revokes it first."
)
_GET: Final = (
    "Everything that is public. With `as_of` it is a view of the past; `include=refs` adds a label for each id;"
    " `view=full` gives the form that PUT takes, contacts included, which no cache may keep. `as_of` and `view` exclude"
    " each other."
)
_NAME: Final = (
    " A changed `name` keeps the old one as a former name, unless the request edits `other_names` itself or says"
    " `correction=true`."
)
_DATES: Final = (
    " With `from` and `to`, `date_match=possible` (default) finds what may lie in that time, `certain` only what lies"
    " in it however its dates are read."
)

_CALENDAR: Final = (
    " An event keeps its `UID` whatever becomes of it; `SEQUENCE` rises with its version. What is cancelled, or stood"
    " on a day that is put off, is there as `CANCELLED` for 90 days after its last change; what was deleted is gone."
    " Events known only to the month or the year come with `tentative=include`, all day over their span, `TENTATIVE`"
    " and without taking up time; a span that `extent: whole` says to be filled is always there. Events without a date"
    " never are. The same data give the same bytes, so `If-None-Match` makes polling cheap."
)
_FEED: Final = (
    " The newest `limit` records of all types, or of those asked for, each with one line that says what it is now. An"
    " entry keeps its id for ever; `updated` tells of changes. Values of one filter are alternatives, different filters"
    " must all hold. Each entry links to the record in this API, and to its web site where it has one."
)
_COUNTS: Final = (
    " Each count is how many the list of that type gives for this {0} today, and with `network` for both together:"
    " organisations are the network's members, events, cooperations and offerings also its own. One record may count"
    " for several. The most frequent first, by the sum of the four counts; then in the order of the letters."
)
_WINDOW: Final = (
    " Without `from` and `to` it holds the events of the last 365 days and of all days to come; at most the 3,000 that"
    " begin last, and 3 MB of them. Where some are left out for that, its `DESCRIPTION` says so."
)
_UPSERT: Final = (
    "Creates the record (201, `Location`) or replaces it (200). The same body as last time changes nothing, even where"
    " the register kept more than was sent. The pair of the path always stays in `external_ids`. A deleted record is"
    " 410; a `POST` with the pair starts a new one."
)
_BY_REFERENCE: Final[Mapping[str, str]] = {
    "get_{}_by_ref": _GET,
    "upsert_{}_by_ref": _UPSERT,
    "patch_{}_by_ref": _PATCH + " The pair of the path always stays in `external_ids`.",
    "delete_{}_by_ref": _DELETE,
    "attach_{}_id": "Whoever keeps the record: a partner gives it one id of its own scheme, to find it again by."
    " Six partners find room beside the office that keeps the record, whose next upsert stays unchanged. No write but"
    " this partner's takes the id away. A public scheme is for those who may change the record.",
    "detach_{}_id": "Only an id of one's own scheme, or of a public one where one may change the record.",
}
_PAST: Final[Mapping[str, str]] = {
    "list_{}_history": "Every version, newest first: when, by whose key, and a JSON Patch (RFC 6902) from the version"
    " before; applied one after the other from null on, the patches give every version. Deleted records keep it. E-mail"
    " and phone of persons are left out, whatever their visibility was; `view=full` gives them to whoever may change"
    " the record or has `contacts:read`.",
    "get_{}_version": "To be cited: a version stays what it was, also when the record is deleted. 410 for the version"
    " that deleted it. Contacts of persons as in the list of versions.",
}
_HAND_OVER: Final = (
    "By the office that keeps the record now. From the next version on another organisation's office keeps it, or with"
    " `null` the register's own."
)

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "list_organisations": "By name, in German order: ä as a, ß as ss, upper and lower case alike.",
    "create_organisation": _CREATE,
    "match_organisations": "Names are compared by their words: umlauts, case, legal forms and one-letter slips make no"
    " difference, former and short names count as well; the host of the web site and the city speak for a candidate or"
    " against it. Nothing is written, and no record is ever merged by itself.",
    "get_organisation": _GET,
    "replace_organisation": _REPLACE + _NAME,
    "patch_organisation": _PATCH + _NAME,
    "delete_organisation": _DELETE_ORGANISATION,
    "list_members": "The memberships of this network that may hold today, or as `as_of` says, by the member's name;"
    " each with the summary of its `member`.",
    "create_membership": "The network of the path need not be repeated in the body. An organisation may leave and come"
    " back: several memberships of a pair are fine unless their times certainly overlap (409).",
    "get_membership": "A membership stands at its network only. " + _GET,
    "replace_membership": _REPLACE + " Network and member stay: end this membership and begin another one instead.",
    "patch_membership": _PATCH + " Leaving is `until`; a change of grade ends one membership and begins another.",
    "delete_membership": "Only for what was entered in error; who leaves gets an `until`.",
    "list_memberships": "The networks that this organisation may be in today, or as `as_of` says, by the network's"
    " name; each with the summary of its `network`.",
    "list_relations": "Those recorded here (`outgoing`) and at the other end (`incoming`), with the name of"
    " the other end.",
    "list_organisation_events": "Those that it organises or supports; `role` says how. All filters of /events work."
    + _DATES,
    "list_organisation_cooperations": "Those to which it is a party; `role` says how. All filters of"
    " /cooperations work.",
    "get_job": "As it was last saved. A job that was stopped names in its report what stands in the way; asked for"
    " again it goes on.",
    "merge_organisation": "For two records of one organisation. Nothing new can refer to the old one from then on;"
    " every record that names it moves in a version of its own, memberships and what it manages included; its names and"
    " external ids go to the other one, its name as an alias. Memberships that would certainly overlap are refused with"
    " 409 before anything is moved, and so is an organisation that still has keys. At the end reads of the old id are"
    " led to the other one (308), other methods answer 410. The same request again goes on with the same job.",
    "erase_person": "From every record, every version of it, every snapshot and every export: the role stays, with the"
    " name withheld."
    " A name in a text, and a person of that name without the given address, is reported for a human to decide. What is"
    " kept of the request are keyed hashes, in a ledger by which the erasure can be repeated after a restore.",
    "list_events": "By the earliest day, whole days before times; what has no date comes last, and is left out when"
    " `from` or `to` is given." + _DATES,
    "create_event": _CREATE,
    "get_event": _GET,
    "replace_event": _REPLACE + " When the day moves or is put off, the former one is kept in `previous_when`.",
    "patch_event": _PATCH + " When the day moves or is put off, the former one is kept in `previous_when`.",
    "delete_event": _DELETE,
    "list_event_parts": "Stops of a series, events under one roof. `expected_parts` of the event says how many there"
    " are to be in all.",
    "get_calendar": "Subscribe to this address, with any filters of /events." + _CALENDAR + _WINDOW,
    "get_event_calendar": "To put an event into one's own calendar, or to follow it until it has a date." + _CALENDAR,
    "get_organisation_calendar": "Those that it organises or supports; `role` says how." + _CALENDAR + _WINDOW,
    "list_cooperations": "By `effective_from`, else `signed_on`, the newest first; undated ones last." + _DATES,
    "create_cooperation": _CREATE,
    "get_cooperation": _GET,
    "replace_cooperation": _REPLACE + " The confirmations that parties gave stay.",
    "patch_cooperation": _PATCH + " The confirmations that parties gave stay.",
    "delete_cooperation": _DELETE,
    "list_cooperation_events": "The events that name it. All filters of /events work." + _DATES,
    "list_cooperation_parts": "Projects under an agreement, for example. All filters of /cooperations work.",
    **{
        name.format(noun): description
        for noun in ("organisation", "membership", "event", "cooperation")
        for name, description in (*_BY_REFERENCE.items(), *_PAST.items())
    },
    "delete_organisation_by_ref": _DELETE_ORGANISATION,
    **{f"hand_over_{noun}": _HAND_OVER for noun in ("organisation", "event", "cooperation")},
    "answer_cooperation": "By the party itself. The answer names the version that was answered, stays over later"
    " writes, and is `current` as long as nothing but confirmations and external ids has changed since.",
    "take_back_answer": "By the party itself, which then counts as `unanswered`.",
    "list_changes": "An entry for each version of each record, in one order that never changes. To mirror the register,"
    " begin without `after`, apply each entry unless you hold that version or a later one, and go on with `next`: at"
    " once while `more`, else every now and then. An entry stands here within 15 seconds of its write, and for ever."
    " `late` ones came too late for their place and are repeated. `include=record` adds what the version said, without"
    " contacts of persons unless it is still the current one. 410 `feed-restarted`: begin anew.",
    "search": "Words are found in names and titles, other and former names, offerings, topics, descriptions, public"
    " names of people, places, and the names of organisers and parties; in any case and spelling (ä = ae = a,"
    " ß = ss), without legal forms, as the beginning of a word and, from four letters on, within one:"
    " `sicherheit` finds Datensicherheit. A word of five letters or more that is found nowhere may have a"
    " letter wrong, missing, too many, or two exchanged. All words must be found (of a long query the first"
    " eight); where no record has all, those with the most, but half of them at least. First comes whose name is"
    " what was searched for, then names before other texts; of events, what is near to today."
    "\n\n`highlights` has, for up to five fields,"
    " a text or what stands around the first hit in it, and the ranges of its hits: first code point, and the"
    " one behind the last. `facets` counts the values of each filter among the records that pass all others:"
    " the best 20,000 hits, and twenty values each.",
    "suggest": "At most ten: names and titles that begin like what was typed, then those that hold it. Former and short"
    " names lead to the name of today.",
    "list_offerings": "In German order of the titles: ä as a, ß as ss. What certainly does not hold today, or belongs"
    " to an organisation that certainly does not exist today, is left out; what has no dates stays. Every word of `q`"
    " must be found in title, description or the organisation's name, as a part of a word too: `sicherheit` finds"
    " Datensicherheit; umlauts and case make no difference. Rival statements (`claim`) stand side by side.",
    "list_topics": "Organisations, events and cooperations by their topics; offerings by theirs, or where they have"
    " none by the organisation's." + _COUNTS.format("topic"),
    "list_regions": "Organisations by their regions and offices, events by their place, cooperations by any of their"
    " parties, offerings by the organisation." + _COUNTS.format("region"),
    "get_stats": "Without `as_of` everything that the lists give, and as `members` the organisations that may be in a"
    " network today. With it organisations that may have existed then, members that may have been in then, events and"
    " cooperations that may have begun by then; what has no date is among them. With `network` the same, of its members"
    " then, and of what these and the network itself do.\n\nA year counts what may have been in it: organisations"
    " from `founded` to `dissolved`, members from `since` (else `as_of`) to `until`, each once however many memberships"
    " it had, events and cooperations as the lists give them for `from` and `to` of that year; `certain` counts those"
    " of them for which it is beyond doubt. So a date such as `2018~` may count in three years and is certain in none."
    " What has no date, or one open to a side, is in no year but in `undated`.\n\n`figures` are what sources state of"
    " a network, as its record has them; they are never part of a count. `networks` are those that may have existed,"
    " by members and then by name: at most 200, or as many as one answer carries.",
    "get_graph": "Nodes are organisations. Two are tied by a membership, by a relation, by a cooperation to which both"
    " are parties (not as `subject` only, and not if they declined), or by an event that both organise, host or carry"
    " as partners (not as sponsors or supporters, and not if it was cancelled). All ties of a pair of one type are one"
    " edge. With `root` the nodes are those up to `depth` steps away, else those with the most records; the edges are"
    " all between them. Who is tied to nobody is left out. An unknown root gives an empty graph.\n\n`as_of` leaves out"
    " what certainly did not hold, or was not there, on any day of that date, so an event is in the graph of its own"
    " days; what has no dates stays. Without it the graph is that of all times. `truncated` tells that there is"
    " more: narrow it, or raise `limit`.\n\n`format=svg` draws the first 120 nodes, in light or dark as the reader's"
    " system has it; `graphml` is GraphML 1.0, `dot` the language of Graphviz, with the evidence as"
    " ids parted by spaces.",
    "list_partners": "Everybody tied to it as in the graph, at any time; those with the most weight first, then in"
    " German order of their names.",
    "list_synergies": "Pairs without any cooperation, membership or relation between them, at any time; joint events"
    " are no hindrance but a reason. The score is the sum of the weights of the reasons, at most: offering 30 (one"
    " offers something on topics on which the other has goals in a cooperation), topics 25, event 20 (the same event"
    " names both, in any role or as the home of a speaker), partners 15 (both are tied to the same third), region 10."
    " Each counts the more the rarer what is shared is; what only two have counts half, and several add up. Region"
    " alone makes no pair.\n\nWith `organisation` pairs with it; with `network` pairs among its members of today and"
    " itself, sought for the fifty with the most records; without either the same for the whole register. For each the"
    " hundred most promising are looked at, and of what more than 200 share the first 200.",
    "get_json_feed": "JSON Feed 1.1." + _FEED,
    "get_atom_feed": "Atom (RFC 4287)." + _FEED,
    "get_export": "NDJSON, one row on each line as `POST /imports` takes them, behind a first row with the licence of"
    " the data, which imports pass over. Rows are named `clusterregister:` with the id where a record was"
    " entered first; such names stay when another register imports the file, whose own export is then the"
    " same, byte for byte. Rows stand behind those that they name. Everybody gets what everybody may read;"
    " a key of the register's office gets all of it. Not carried are versions and their times, who keeps a"
    " record, `previous_when`, and what parties answered to cooperations. A deployed register writes it"
    " every night and leads to the file (302), which comes compressed with gzip; after an erasure it is"
    " written anew.",
    "get_me": "Whose key it is, its scopes and its end, and how many writes are left in this minute.",
    "import_records": "Up to 500 rows, each created or replaced for itself by its `ref`, as PUT does. Rows may name"
    " each other by `ref` in any order. `not_attempted` is what time did not suffice for: send the same request again."
    " With an Idempotency-Key each row happens once. A `possible_duplicate` was not entered: an organisation with no"
    " record by its `ref`, while another one has its name (a former, official or short one will do, legal forms do not"
    " count) and its city or web site. Attach your id to the one in `related`, or say `new: true` in the row. Who has"
    " another id of a scheme that the row has an id of is another organisation; so is every row of the same request."
    " The first row of an export, with the licence, is `ignored`.",
    "list_webhooks": "In the order of their creation; with a key of the register's own office those of all partners.",
    "create_webhook": "Before it is entered, its address has to answer a challenge (see the webhooks of this document)"
    " within ten seconds. The secret stands in this answer and in no other. One may have ten webhooks.",
    "get_webhook": "Where it leads, of what it tells, and whether it does; never its secret.",
    "patch_webhook": "A JSON Merge Patch (RFC 7396). A new address, or one that is to be used again, has to answer a"
    " challenge first.",
    "delete_webhook": "What is on its way is dropped, and its secrets are forgotten.",
    "rotate_webhook": "For 24 hours messages carry two signatures, under the new secret and the one before.",
    "test_webhook": "Sends `webhook.test`; what became of it stands in the deliveries. 409 where the webhook is not"
    " active.",
    "replay_webhook": "Sends one delivery, or all changes since a moment, once more, under the same `webhook-id`. 409"
    " while another replay of this webhook is on its way.",
    "list_deliveries": "Newest first, for 14 days: when each message was tried last, how it was answered, and when it"
    " is tried again. Messages that wait for their first attempt are not there yet.",
    "get_openapi": "The description of the API that you are reading, for tools and generated clients.",
    "get_page": "For people, with forms to try each request.",
    "get_asset": "Scripts and styles; no request leaves this server.",
    "get_problem": "The address that stands in the `type` of a problem.",
}

ANSWERS: Final[Mapping[int, str]] = {
    200: "The answer.",
    201: "Created; this is its first version.",
    202: "Begun; where there is a `Location`, it tells how far it has come.",
    204: "Deleted.",
}
PROBLEMS: Final[Mapping[int, str]] = {
    400: "The query, a header or the JSON text cannot be read; `errors` says what is wrong with it.",
    401: "A key is needed and there is none, or the one that was sent is not good; it is never said why.",
    403: "The key has not the scope for this, or another office keeps the record. Or the firewall took the request for"
    " an attack; it may do so anywhere.",
    404: "There is nothing under this address.",
    406: "The Accept header leaves out what this path gives.",
    409: "The write contradicts other records; `related` names those to look at. With `Retry-After`: the same request"
    " is being answered already.",
    410: "The record was deleted.",
    412: "The record has another version by now; `ETag` names it.",
    413: "The body is larger than 256 KB, or 4 MB of import rows. From the firewall the same comes as"
    " `application/json`, without `instance`.",
    414: "The query is longer than 8 KB.",
    415: "The body has another media type than this path takes, is compressed, or is not in UTF-8.",
    422: "The content breaks rules, or names a record that does not exist; `errors` names everything. Or the"
    " Idempotency-Key came with another request before. Nothing was written.",
    428: "If-Match is missing.",
    429: "Too many requests, or the key's quota of writes is used up; come back after the seconds in `Retry-After`."
    " From the firewall, for the rate of an address, it comes as `application/json`, without `instance`.",
    503: "For a moment the register cannot answer, or not say whether a write happened; see the type of the problem.",
}
