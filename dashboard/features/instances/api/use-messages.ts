import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getFleetMessageContract, listFleetMessagesContract } from '#contracts/http/fleet-messages.ts'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import type { InstanceSearch } from '#dashboard/features/instances/instances-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 5_000

/** One page of the message log; the page before stays until the next one is there. */
export function useMessages(instanceId: InstanceId, query: InstanceSearch) {
  return useQuery({
    queryKey: ['instances', 'messages', instanceId, query],
    queryFn: ({ signal }) => call(listFleetMessagesContract, { params: { instance_id: instanceId }, query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}

const climbs: readonly MessageStatus[] = ['queued', 'sending', 'sent', 'delivered']
const pollClimbingMs = 1_000

/** A message whose status is looked at until it ends. */
export function useClimbingMessage(instanceId: InstanceId, messageId: MessageId) {
  return useQuery({
    queryKey: ['instances', 'message', messageId],
    queryFn: ({ signal }) =>
      call(getFleetMessageContract, { params: { instance_id: instanceId, message_id: messageId }, signal }),
    select: ({ data }) => data,
    refetchInterval: (query) => {
      const status = query.state.data?.data.status
      return status === undefined || climbs.includes(status) ? pollUnlessGone(pollClimbingMs)(query) : false
    },
  })
}
