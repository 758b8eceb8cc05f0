/** What an assistant wrote, as elements: code, bold and links. Never as markup: whatever it says stays text. */
export function written(text) {
  const whole = document.createDocumentFragment()
  text.split(/```(?:[\w+-]*\n)?([\s\S]*?)(?:```|$)/).forEach((part, i) => {
    if (i % 2 === 1) whole.append(element('pre', part.replace(/\n$/, '')))
    // The line break after a block of code is the block's own.
    else whole.append(...inline(i > 0 ? part.replace(/^\n/, '') : part))
  })
  return whole
}

function inline(text) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*|https?:\/\/[^\s<>"')\]]+)/).map((part, i) => {
    if (i % 2 === 0) return part
    if (part.startsWith('`')) return element('code', part.slice(1, -1))
    if (part.startsWith('**')) return element('strong', part.slice(2, -2))
    const link = element('a', part)
    link.href = part
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow'
    return link
  })
}

export function element(name, content, className) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (content !== undefined) made.append(content)
  return made
}
