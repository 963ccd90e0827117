import { z } from 'zod'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'
import {
  getWebhookContract,
  listDeliveriesContract,
  listWebhooksContract,
  replayDeliveriesContract,
} from './webhooks.ts'

const group = 'Customers'
const base = '/api/admin/customers/:customer_id/webhooks'
const one = `${base}/:webhook_id`
const params = z.strictObject({ customer_id: idSchema('customer'), webhook_id: idSchema('webhook') })

/** What a customer sees of its endpoints, for those who run the service. */
export const listCustomerWebhooksContract = defineContract({
  id: 'listCustomerWebhooks',
  group,
  method: 'GET',
  path: base,
  summary: 'The webhook endpoints of a customer, newest first',
  params: params.pick({ customer_id: true }),
  query: listWebhooksContract.query,
  responses: listWebhooksContract.responses,
  errors: ['NOT_FOUND'],
})

export const getCustomerWebhookContract = defineContract({
  id: 'getCustomerWebhook',
  group,
  method: 'GET',
  path: one,
  summary: 'A webhook endpoint of a customer',
  params,
  responses: getWebhookContract.responses,
  errors: ['NOT_FOUND'],
})

export const listCustomerDeliveriesContract = defineContract({
  id: 'listCustomerDeliveries',
  group,
  method: 'GET',
  path: `${one}/deliveries`,
  summary: 'What was or will be sent to an endpoint of a customer with every attempt, newest first',
  params,
  query: listDeliveriesContract.query,
  responses: listDeliveriesContract.responses,
  errors: ['NOT_FOUND'],
})

export const replayCustomerDeliveriesContract = defineContract({
  id: 'replayCustomerDeliveries',
  group,
  method: 'POST',
  path: `${one}/replay`,
  summary: 'Send again what was delivered to an endpoint of a customer or given up, as the customer itself can',
  params,
  body: replayDeliveriesContract.body,
  responses: replayDeliveriesContract.responses,
  errors: ['NOT_FOUND', 'CONFLICT'],
})
