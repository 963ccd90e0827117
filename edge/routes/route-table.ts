import { beginTotpRoute } from './admin-auth/begin-totp.ts'
import { changePasswordRoute } from './admin-auth/change-password.ts'
import { confirmTotpRoute } from './admin-auth/confirm-totp.ts'
import { endSessionRoute } from './admin-auth/end-session.ts'
import { getOwnAdminRoute } from './admin-auth/get-own-admin.ts'
import { logInRoute } from './admin-auth/log-in.ts'
import { logOutEverywhereRoute } from './admin-auth/log-out-everywhere.ts'
import { logOutRoute } from './admin-auth/log-out.ts'
import { refreshSessionRoute } from './admin-auth/refresh-session.ts'
import { removeTotpRoute } from './admin-auth/remove-totp.ts'
import { createAdminRoute } from './admins/create-admin.ts'
import { listAdminsRoute } from './admins/list-admins.ts'
import { exportAuditLogRoute } from './admins/export-audit-log.ts'
import { listAuditLogsRoute } from './admins/list-audit-logs.ts'
import { resetAdminRoute } from './admins/reset-admin.ts'
import { updateAdminRoute } from './admins/update-admin.ts'
import { activateCustomerRoute } from './customers/activate-customer.ts'
import { createCustomerKeyRoute } from './customers/create-customer-key.ts'
import { createCustomerRoute } from './customers/create-customer.ts'
import { deleteCustomerRoute } from './customers/delete-customer.ts'
import { getCustomerUsageRoute } from './customers/get-customer-usage.ts'
import { getCustomerRoute } from './customers/get-customer.ts'
import { listCustomerInstancesRoute } from './customers/list-customer-instances.ts'
import { listCustomerKeysRoute } from './customers/list-customer-keys.ts'
import { listCustomersRoute } from './customers/list-customers.ts'
import { getCustomerWebhookRoute } from './customers/get-customer-webhook.ts'
import { listCustomerDeliveriesRoute } from './customers/list-customer-deliveries.ts'
import { listCustomerWebhooksRoute } from './customers/list-customer-webhooks.ts'
import { replayCustomerDeliveriesRoute } from './customers/replay-customer-deliveries.ts'
import { regenerateKeyRoute } from './customers/regenerate-key.ts'
import { revokeCustomerKeyRoute } from './customers/revoke-customer-key.ts'
import { suspendCustomerRoute } from './customers/suspend-customer.ts'
import { updateCustomerRoute } from './customers/update-customer.ts'
import { acknowledgeAlertRoute } from './alerts/acknowledge-alert.ts'
import { listAlertsRoute } from './alerts/list-alerts.ts'
import { resolveAlertRoute } from './alerts/resolve-alert.ts'
import { createApiKeyRoute } from './api-keys/create-api-key.ts'
import { listApiKeysRoute } from './api-keys/list-api-keys.ts'
import { revokeApiKeyRoute } from './api-keys/revoke-api-key.ts'
import { createInstanceRoute } from './instances/create-instance.ts'
import { deleteInstanceRoute } from './instances/delete-instance.ts'
import { getInstanceRoute } from './instances/get-instance.ts'
import { getQrRoute } from './instances/get-qr.ts'
import { listInstancesRoute } from './instances/list-instances.ts'
import { logoutInstanceRoute } from './instances/logout-instance.ts'
import { requestPairingCodeRoute } from './instances/request-pairing-code.ts'
import { restartInstanceRoute } from './instances/restart-instance.ts'
import { startInstanceRoute } from './instances/start-instance.ts'
import { stopInstanceRoute } from './instances/stop-instance.ts'
import { updateInstanceRoute } from './instances/update-instance.ts'
import { createPairingLinkRoute } from './pairing/create-pairing-link.ts'
import { followPairingRoute } from './pairing/follow-pairing.ts'
import { getPairingRoute } from './pairing/get-pairing.ts'
import { requestGuestCodeRoute } from './pairing/request-guest-code.ts'
import { startPairingRoute } from './pairing/start-pairing.ts'
import { listEventsRoute } from './events/list-events.ts'
import { cancelMessageRoute } from './messages/cancel-message.ts'
import { getMessageRoute } from './messages/get-message.ts'
import { listMessagesRoute } from './messages/list-messages.ts'
import { sendMessageRoute } from './messages/send-message.ts'
import { sendShortRoute } from './messages/send-short.ts'
import { createWebhookRoute } from './webhooks/create-webhook.ts'
import { deleteWebhookRoute } from './webhooks/delete-webhook.ts'
import { getWebhookRoute } from './webhooks/get-webhook.ts'
import { listDeliveriesRoute } from './webhooks/list-deliveries.ts'
import { listWebhooksRoute } from './webhooks/list-webhooks.ts'
import { replayDeliveriesRoute } from './webhooks/replay-deliveries.ts'
import { rotateSecretRoute } from './webhooks/rotate-secret.ts'
import { testWebhookRoute } from './webhooks/test-webhook.ts'
import { updateWebhookRoute } from './webhooks/update-webhook.ts'
import { getAccountRoute } from './account/get-account.ts'
import { getUsageRoute } from './account/get-usage.ts'
import { getDocsRoute } from './service/get-docs.ts'
import { getHealthRoute } from './service/get-health.ts'
import { getOpenApiRoute } from './service/get-open-api.ts'
import { getServiceKeysRoute } from './service/get-service-keys.ts'
import { getGlobalMetricsRoute } from './metrics/get-global-metrics.ts'
import { listUsageRoute } from './metrics/list-usage.ts'
import { createServerRoute } from './servers/create-server.ts'
import { deleteServerRoute } from './servers/delete-server.ts'
import { enrollWorkerRoute } from './servers/enroll-worker.ts'
import { renewEnrollmentRoute } from './servers/renew-enrollment.ts'
import { setServerStatusRoute } from './servers/set-server-status.ts'
import { updateServerRoute } from './servers/update-server.ts'
import { activateServerRoute } from './servers/activate-server.ts'
import { drainServerRoute } from './servers/drain-server.ts'
import { getServerRoute } from './servers/get-server.ts'
import { getServerMetricsRoute } from './servers/get-server-metrics.ts'
import { listServersRoute } from './servers/list-servers.ts'
import { rebalanceServerRoute } from './servers/rebalance-server.ts'
import { listFleetInstancesRoute } from './fleet/list-fleet-instances.ts'
import { listServerInstancesRoute } from './fleet/list-server-instances.ts'
import { getFleetInstanceRoute } from './fleet/get-fleet-instance.ts'
import { moveFleetInstanceRoute } from './fleet/move-fleet-instance.ts'
import { restartFleetInstanceRoute } from './fleet/restart-fleet-instance.ts'
import { logoutFleetInstanceRoute } from './fleet/logout-fleet-instance.ts'
import { listStateChangesRoute } from './fleet/list-state-changes.ts'
import { startFleetInstanceRoute } from './fleet/start-fleet-instance.ts'
import { listFleetMessagesRoute } from './fleet/list-fleet-messages.ts'
import { getFleetMessageRoute } from './fleet/get-fleet-message.ts'
import { sendTestMessageRoute } from './fleet/send-test-message.ts'
import { followFleetPairingRoute } from './fleet/follow-fleet-pairing.ts'
import { requestFleetPairingCodeRoute } from './fleet/request-fleet-pairing-code.ts'
import { createFleetPairingLinkRoute } from './fleet/create-fleet-pairing-link.ts'
import { reassignCustomerRoute } from './fleet/reassign-customer.ts'
import type { Route } from './define-route.ts'

/** Every endpoint of the edge. What is not here does not exist; tests walk over it. */
export const routeTable: readonly Route[] = [
  createInstanceRoute,
  deleteInstanceRoute,
  getInstanceRoute,
  getQrRoute,
  listInstancesRoute,
  logoutInstanceRoute,
  requestPairingCodeRoute,
  restartInstanceRoute,
  startInstanceRoute,
  stopInstanceRoute,
  updateInstanceRoute,
  createPairingLinkRoute,
  followPairingRoute,
  getPairingRoute,
  requestGuestCodeRoute,
  startPairingRoute,
  cancelMessageRoute,
  getMessageRoute,
  listMessagesRoute,
  sendMessageRoute,
  sendShortRoute,
  listEventsRoute,
  createWebhookRoute,
  deleteWebhookRoute,
  getWebhookRoute,
  listWebhooksRoute,
  listDeliveriesRoute,
  replayDeliveriesRoute,
  rotateSecretRoute,
  testWebhookRoute,
  updateWebhookRoute,
  getAccountRoute,
  getUsageRoute,
  getHealthRoute,
  getServiceKeysRoute,
  getOpenApiRoute,
  getDocsRoute,
  beginTotpRoute,
  changePasswordRoute,
  confirmTotpRoute,
  endSessionRoute,
  getOwnAdminRoute,
  logInRoute,
  logOutEverywhereRoute,
  logOutRoute,
  refreshSessionRoute,
  removeTotpRoute,
  createAdminRoute,
  listAdminsRoute,
  listAuditLogsRoute,
  exportAuditLogRoute,
  getGlobalMetricsRoute,
  listUsageRoute,
  listAlertsRoute,
  acknowledgeAlertRoute,
  resolveAlertRoute,
  resetAdminRoute,
  updateAdminRoute,
  activateCustomerRoute,
  createCustomerKeyRoute,
  createCustomerRoute,
  deleteCustomerRoute,
  getCustomerUsageRoute,
  getCustomerRoute,
  listCustomerInstancesRoute,
  listCustomerKeysRoute,
  listCustomersRoute,
  regenerateKeyRoute,
  revokeCustomerKeyRoute,
  suspendCustomerRoute,
  getCustomerWebhookRoute,
  listCustomerDeliveriesRoute,
  listCustomerWebhooksRoute,
  replayCustomerDeliveriesRoute,
  updateCustomerRoute,
  createApiKeyRoute,
  listApiKeysRoute,
  revokeApiKeyRoute,
  activateServerRoute,
  drainServerRoute,
  getServerRoute,
  getServerMetricsRoute,
  listServersRoute,
  rebalanceServerRoute,
  createServerRoute,
  deleteServerRoute,
  setServerStatusRoute,
  updateServerRoute,
  renewEnrollmentRoute,
  enrollWorkerRoute,
  listFleetInstancesRoute,
  listServerInstancesRoute,
  getFleetInstanceRoute,
  moveFleetInstanceRoute,
  restartFleetInstanceRoute,
  logoutFleetInstanceRoute,
  listStateChangesRoute,
  startFleetInstanceRoute,
  listFleetMessagesRoute,
  getFleetMessageRoute,
  sendTestMessageRoute,
  followFleetPairingRoute,
  requestFleetPairingCodeRoute,
  createFleetPairingLinkRoute,
  reassignCustomerRoute,
]
