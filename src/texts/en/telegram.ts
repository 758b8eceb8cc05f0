import type { telegram as spanish } from '../es/telegram.ts'

const parked: Record<string, string> = {
  not_json: 'not JSON',
  not_an_update: 'not a Telegram update',
  stub: 'the app refused the update and only its number is left',
  no_message: 'no message',
  no_message_id: 'message without a number',
  no_chat: 'no chat',
  channel_post: 'post in a channel: only people and groups are talked with here',
  press_without_message: 'button pressed without a message',
  press_without_data: 'button pressed without data',
  unknown_membership: 'change of membership that is not understood',
  unknown_update: 'unknown kind of update',
}
const inReceipts: Record<string, string> = {
  blocked: 'the person blocked the bot',
  deactivated: "the person's account no longer exists",
  never_started: 'the person never started the chat with the bot',
  removed_from_chat: 'the bot is no longer in the group',
  chat_not_found: 'Telegram does not know that chat',
  chat_moved: 'the group changed its number',
  is_a_bot: 'the addressee is a bot',
  topic_closed: 'the topic is closed or deleted',
  not_allowed_to_write: 'the bot may not write there',
  too_long: 'the text is too long',
  empty: 'the text is empty',
  button_data_too_long: 'a button carries more than 64 bytes of data',
  rate_limited: 'Telegram asks to wait',
  token_refused: "Telegram refuses the bot's token",
  no_token: 'the assistant has no Telegram token',
  unreachable: 'Telegram could not be reached',
  unclear: 'it is not known whether Telegram delivered it',
}

export const telegram: typeof spanish = {
  log: {
    telegram_markup_refused: 'Telegram did not take the markup of message {outgoing}; it goes as plain text',
    telegram_token_refused:
      'Telegram refuses the token of {assistant} (bot {bot}): check it with @BotFather and change it in the configuration',
    telegram_unreachable: 'Telegram could not be reached for {assistant} (bot {bot}): {said}',
    telegram_not_a_bot: 'What answers at TELEGRAM_API_ROOT for {assistant} does not look like bot {bot}: {said}',
    telegram_introduced: '{assistant} answers on Telegram as @{username}: {link}',
    telegram_commands_not_set: 'The command menu of bot {bot} could not be published ({language})',
    telegram_webhook_removed:
      'Bot {bot} had a webhook to {host}; it was taken away so that polling works. Nothing of what waits ({pending}) was dropped',
    telegram_webhook_set: 'Telegram will deliver to the webhook of {assistant} (bot {bot})',
    telegram_press_not_acknowledged: "The little clock of one of {assistant}'s buttons could not be ended",
    poller_without_token: 'No Telegram token: polling rests, which is no error',
    poller_polling: 'Polling Telegram for {assistant} (bot {bot})',
    poll_failed: 'Polling for {assistant} failed ({failures} in a row); trying again',
    poll_rate_limited: 'Telegram asks {assistant} to wait {afterMs} ms before polling',
    poll_refused: 'Telegram refuses polling for {assistant}: {said}',
    poll_conflict_other_poller: 'Another process polls with the token of {assistant}: leave only one. Trying again slowly',
    poll_conflict_webhook_set:
      'The bot of {assistant} has a webhook set: while it is there, polling cannot work. Remove it or use TELEGRAM_MODE=webhook',
    poll_conflict_webhook_being_set: 'Somebody just set a webhook for the bot of {assistant} while it was polling',
    update_without_id:
      'Telegram sent something without a usable update number for {assistant}; it can be neither confirmed nor kept',
    app_away: 'The app did not take the update ({why}); {failures} tries so far, {held} held. Nothing more is asked of Telegram',
    app_back: 'The app is back after {seconds} s; the {held} held updates go in',
    app_silent: 'The app has not taken updates of {assistant} for {hours} h ({held} held). Telegram forgets them after 24 h',
    forward_broke: 'A fault of our own while handing an update to the app',
    update_refused: 'The app refused an update ({status}); only its number goes, to be parked. Hash {hash}',
    stub_refused:
      'The app refuses even the number of the update ({status}, try {tries}): does something else answer at LOCAL_API_URL?',
    update_given_up: 'An update that the app refuses again and again is given up. Hash {hash}',
  },
  say: {
    startCommand: 'Start talking',
    cutHere: '(The answer was too long and was cut here.)',
    sharedToken: (assistant) => `the Telegram token of "${assistant}" appears twice: each assistant needs its own`,
    tokenShape: 'a Telegram token looks like 123456:ABC-def',
    apiRootShape: 'TELEGRAM_API_ROOT must be a complete http(s) address',
    notUnderstood: (reason) => parked[reason] ?? `a kind of update that is not served (${reason})`,
    notSent: (reason) => inReceipts[reason] ?? reason,
    finding: {
      token_refused: (bot) => `Telegram refuses the token of bot ${bot}: ask @BotFather for a new one`,
      unreachable: (bot, said) => `Telegram could not be reached for bot ${bot} (${said})`,
      webhook_left_set: (bot, host) => `bot ${bot} has a webhook set to ${host}: it will get nothing by polling`,
      webhook_missing: (bot) => `bot ${bot} has no webhook set, and TELEGRAM_MODE is webhook`,
      webhook_error: (bot, said) => `Telegram's last delivery to the webhook of bot ${bot} failed: ${said}`,
      second_poller: (bot) => `another process polls with the token of bot ${bot}: leave only one`,
      probe_unclear: (bot) => `messages wait for bot ${bot}, so it could not be seen whether another process polls`,
      wrong_clock: (seconds) =>
        `the clock of this machine is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} Telegram's`,
      pending: (bot, count) =>
        count === 1 ? `one message waits on Telegram for bot ${bot}` : `${count} messages wait on Telegram for bot ${bot}`,
    },
  },
}
