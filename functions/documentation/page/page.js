"use strict";

SwaggerUIBundle({
  dom_id: "#document",
  url: "openapi.json",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayOperationId: true,
  docExpansion: "list",
  filter: true,
  defaultModelsExpandDepth: 0,
  // The online validator would be a request to somebody else's server.
  validatorUrl: null,
});
