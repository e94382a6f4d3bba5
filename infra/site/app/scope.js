/** The network to which a site is narrowed, if it is. */

import config from "../config.js";
import { all, get } from "./api.js";

/** Its id; "" for the whole register. */
export let network = "";

/** Find the network that the configuration names; raises ApiError. */
export async function narrow() {
  if (network || !config.network) return;
  network = config.network.startsWith("org_") ? config.network : await identified(config.network);
}

/**
 * Return the filter that narrows a list: the site's network, else the one that is asked for.
 *
 * @param {URLSearchParams} [query]
 */
export function narrowed(query) {
  return { network: network || query?.get("network") };
}

/**
 * Return the networks of the register, by name.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<OrganisationSummary[]>}
 */
export function networks(signal) {
  return all("/organisations", { kind: "network" }, signal, 1);
}

/** @param {string} reference */
async function identified(reference) {
  const { items } = await get("/organisations", { external_id: reference });
  return items[0]?.id ?? "";
}
