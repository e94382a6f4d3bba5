// A frontend's view of the register, compiled against the types that the document gives.
import type { components, paths } from "./schema";

type Json<Answer> = Answer extends { content: { "application/json": infer Body } } ? Body : never;
type Ok<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer Answer } } } ? Json<Answer> : never;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_Claim extends true>(): void {}

type Event = components["schemas"]["EventView"];
type Query = NonNullable<paths["/events"]["get"]["parameters"]["query"]>;

// What an answer leaves out is absent, never null; the three fields that say "nothing" are always there.
holds<Equal<Event["website"], string | undefined>>();
holds<Equal<null extends Event["when"] ? true : false, true>>();
holds<Equal<undefined extends Event["when"] ? true : false, false>>();
holds<Equal<Ok<"/events">["next"], string | null>>();
holds<Equal<NonNullable<Event["when"]>["start"], string>>();
holds<Equal<NonNullable<Event["sources"]>[number]["title"], string | undefined>>();
holds<Equal<NonNullable<Query["date_match"]>, "possible" | "certain">>();

export function line(event: Event): string {
  const title = event.title["de"] ?? Object.values(event.title)[0] ?? "";
  return event.when === null ? title : `${event.when.start}: ${title} (${event.when.precision})`;
}

export function ids(page: Ok<"/organisations">): string[] {
  return page.items.flatMap((item) => ("deleted" in item ? [] : [`${item.id} ${item.name}`]));
}

export function others(page: Ok<"/organisations/{id}/members">): string[] {
  return page.items.map((membership) => page.refs?.[membership.member_id]?.name ?? membership.member_name);
}

export const membership: components["schemas"]["MembershipInput"] = {
  network_id: { ref: "itnet.crm:1001" },
  member_id: "org_01kjpx8nh1041061050r3gg28a",
  since: "2015~",
};

export const moved: components["schemas"]["EventPatch"] = { when: { end: null }, registration: null };

export const change: paths["/events/{id}"]["patch"]["parameters"] = {
  path: { id: "evt_01kjpx8nh1041061050r3gg28a" },
  header: { "If-Match": '"7"' },
};

export function advice(problem: components["schemas"]["Problem"]): string[] {
  return (problem.errors ?? []).map((error) => `${error.pointer ?? error.parameter ?? error.header}: ${error.message}`);
}
