import { webhookEndpoints } from '#db/schema/webhooks.ts'

/** Selects a WebhookEndpoint from `webhook_endpoints`. */
export const webhookColumns = {
  id: webhookEndpoints.id,
  customerId: webhookEndpoints.customerId,
  url: webhookEndpoints.url,
  description: webhookEndpoints.description,
  events: webhookEndpoints.events,
  instanceId: webhookEndpoints.instanceId,
  status: webhookEndpoints.status,
  disabledReason: webhookEndpoints.disabledReason,
  failingSince: webhookEndpoints.failingSince,
  urlCheck: webhookEndpoints.urlCheck,
  createdAt: webhookEndpoints.createdAt,
}
