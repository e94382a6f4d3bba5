// The homepage's types: what the OpenAPI document promises, and what the pages hand each other. tests/site checks with
// them; nothing of this is served.
import type { components } from "./schema";

type Schemas = components["schemas"];

declare global {
  type Refs = Record<string, { type: string; name?: string; title?: Localised; kind: string; city?: string }>;
  type Organisation = Schemas["Organisation"] & { refs?: Refs; existed?: boolean };
  type Event_ = Schemas["Event"] & { refs?: Refs };
  type Cooperation = Schemas["Cooperation"] & { refs?: Refs };
  type OrganisationSummary = Schemas["OrganisationSummary"];
  type EventSummary = Schemas["EventSummary"];
  type CooperationSummary = Schemas["CooperationSummary"];
  type MembershipSummary = Schemas["MembershipSummary"];
  type RelationSummary = Schemas["RelationSummary"];
  type Person = Schemas["Person"];
  type Place = Schemas["Place"];
  type Figure = Schemas["Figure"];
  type Source = Schemas["Source"];
  type When = Schemas["When"];

  type Localised = Record<string, string | undefined>;
  /** What every entry of a list may say of itself (api.md, "Statement"). */
  type Statement = {
    since?: string;
    until?: string;
    as_of?: string;
    certainty?: string;
    claim?: string;
    note?: string;
    sources?: readonly string[];
  };

  /** A record with its sources. */
  type Sourced = Organisation | Event_ | Cooperation;
  type Each<List> = NonNullable<List> extends readonly (infer One)[] ? One : never;
  type Picture = NonNullable<Schemas["Event"]["image"]>;

  type Config = {
    name: string;
    description: Record<string, string>;
    languages: Record<string, string>;
    accent: { light: string; dark: string };
    api: string;
    network: string;
    topics: Record<string, string>;
  };

  type Child = Node | string | number | boolean | null | undefined | Child[];
  type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => void)>;
  type Query = Record<string, string | number | boolean | undefined | null | readonly string[]>;
  type Span = { from?: string | undefined; to?: string | undefined };

  /** What a page is asked for; `wait` hands over what it still waits for. */
  type Page = {
    id: string;
    query: URLSearchParams;
    signal: AbortSignal;
    wait: (work: Promise<unknown>) => void;
    go: (address: string) => void;
    /** Parts that could not be shown, to be tried again together. */
    failed?: Set<() => void>;
  };
  /** What is shown; `data` is the path of the API at which machines find the same. */
  type View = { title: string; description?: string; body: Child; data?: string; missing?: boolean; alternates?: Alternate[] };
  type Alternate = { type: string; href: string; title: string };

  type Stats = Schemas["Stats"];
  type Graph = Schemas["Graph"];
  type GraphNode = Schemas["GraphNode"];
  type Edge = Schemas["GraphEdge"];
  type Tie = Edge["type"];
  type Partner = Schemas["Partner"];
  type Synergy = Schemas["Synergy"];
  type Found = Schemas["Found"];
  type Suggestion = Schemas["Suggestion"];
  /** A value that a filter could be set to; where nothing is counted, how often is left open. */
  type Counted = Omit<Schemas["NetworkValue"], "name" | "count"> & Partial<Schemas["NetworkValue"]>;
  type Offering = Schemas["CatalogueOffering"];

  type Parts = {
    year: number;
    month?: number;
    day?: number;
    time?: string;
    about: boolean;
    open: "" | "start" | "end";
  };

  type Point = { x: number; y: number };
  type Moving = Point & { right: number; down: number };
  type Box = { left: number; top: number; right: number; bottom: number };
  type Drawn = { spot: Point; degree: number; half: number; shown: SVGAElement };

  type Choice = { value: string; label: string; count?: number | undefined };
  type Group = { name: string; label: string; choices: Choice[] };
}
