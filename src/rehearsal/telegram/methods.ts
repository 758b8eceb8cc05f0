import type { ApiMethods } from '@grammyjs/types'
import type { Upload } from '../http/body.ts'
import type { Call, Stage } from './call.ts'
import { aboutMethods } from './methods-about.ts'
import { changingMethods } from './methods-changing.ts'
import { sendingMethods } from './methods-sending.ts'
import type { Polling } from './polling.ts'
import type { Webhooks } from './webhook.ts'

export type InputFile = Upload
type Api = ApiMethods<InputFile>

export type MethodName =
  | 'getUpdates'
  | 'setWebhook'
  | 'deleteWebhook'
  | 'getWebhookInfo'
  | 'getMe'
  | 'getChat'
  | 'getChatMember'
  | 'getFile'
  | 'setMyCommands'
  | 'getMyCommands'
  | 'deleteMyCommands'
  | 'logOut'
  | 'close'
  | 'sendMessage'
  | 'sendVoice'
  | 'sendDocument'
  | 'sendPhoto'
  | 'sendAudio'
  | 'sendVideo'
  | 'sendMediaGroup'
  | 'editMessageText'
  | 'editMessageCaption'
  | 'editMessageReplyMarkup'
  | 'deleteMessage'
  | 'deleteMessages'
  | 'setMessageReaction'
  | 'sendChatAction'
  | 'sendMessageDraft'
  | 'answerCallbackQuery'

/** Every answer has the shape that the independent declarations of the Bot API give to it: the compiler is the judge. */
export type Answers = { [M in MethodName]: (call: Call) => ReturnType<Api[M]> | Promise<ReturnType<Api[M]>> }

export function openMethods(stage: Stage, polling: Polling, webhooks: Webhooks): Answers {
  return {
    ...aboutMethods(stage),
    ...sendingMethods(stage),
    ...changingMethods(stage),
    getUpdates: ({ bot, args, gone }) => polling.getUpdates(bot, args, gone),
    setWebhook: ({ bot, args }) => webhooks.setWebhook(bot, args),
    deleteWebhook: ({ bot, args }) => webhooks.deleteWebhook(bot, args),
    getWebhookInfo: ({ bot }) => webhooks.getWebhookInfo(bot),
  }
}
