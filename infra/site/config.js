/**
 * What a deployment may change, and the only file in which it does.
 *
 * @type {Config}
 */
export default {
  /** Shown at the top of each page; a network's own homepage puts its name here. */
  name: "Clusterregister",

  /** One sentence for search engines, in each language. */
  description: {
    de: "Das offene Register der Netzwerke einer Region: wer dazugehört, wer mit wem arbeitet, wann man sich trifft.",
    en: "The open register of a region's networks: who belongs to them, who works with whom, when they meet.",
  },

  /** By their own names; the first is used where a browser asks for none of them. Each has its file in app/words. */
  languages: { de: "Deutsch", en: "English" },

  /** Colours of links and marks on a light and on a dark page; one too pale to be read is made stronger. */
  accent: { light: "#97301a", dark: "#f0937b" },

  /** Where the API answers; another host must also stand in the deployment's content security policy. */
  api: "/v1",

  /**
   * The network to which the site is narrowed: its id (`org_…`) or one of its external ids (`scheme:value`).
   * Empty: the whole register.
   */
  network: "",

  /** Topics whose slug is not how they are written; all others are shown as their words. */
  topics: {
    "digital-hub": "Digital Hub",
    "e-business": "E-Business",
    "e-commerce": "E-Commerce",
    ehealth: "E-Health",
    elektromobilitaet: "Elektromobilität",
    ernaehrungswirtschaft: "Ernährungswirtschaft",
    fachkraefte: "Fachkräfte",
    geschaeftsentwicklung: "Geschäftsentwicklung",
    gewerbeflaechen: "Gewerbeflächen",
    "green-it": "Green IT",
    ikt: "IKT",
    "industrie-4-0": "Industrie 4.0",
    iot: "IoT",
    it: "IT",
    "it-sicherheit": "IT-Sicherheit",
    ki: "KI",
    kmu: "KMU",
    mobilitaet: "Mobilität",
    "smart-city": "Smart City",
    wirtschaftsfoerderung: "Wirtschaftsförderung",
  },
};
