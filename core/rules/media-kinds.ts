/** WhatsApp's own names of messages that are a file. */
export const mediaKinds = [
  'imageMessage',
  'videoMessage',
  'ptvMessage',
  'audioMessage',
  'documentMessage',
  'documentWithCaptionMessage',
  'stickerMessage',
  'lottieStickerMessage',
] as const
