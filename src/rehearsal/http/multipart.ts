export type Part = { name: string; filename: string | undefined; type: string; bytes: Buffer }

const MOST_PARTS = 1000

/** The parts of a multipart/form-data body, as lenient as the real server: a part it cannot read is left out. */
export function parseMultipart(contentType: string, body: Buffer): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const mark = boundary && Buffer.from(`--${boundary[1] ?? boundary[2]}`)
  const parts: Part[] = []
  if (!mark) return parts
  let at = body.indexOf(mark)
  while (at >= 0 && parts.length < MOST_PARTS) {
    const start = at + mark.length
    if (body.subarray(start, start + 2).toString('latin1') === '--') break
    const next = body.indexOf(mark, start)
    if (next < 0) break
    const part = parsePart(body.subarray(start, next))
    if (part) parts.push(part)
    at = next
  }
  return parts
}

function parsePart(raw: Buffer): Part | undefined {
  const gap = raw.indexOf('\r\n\r\n')
  if (gap < 0) return undefined
  const headers = raw.subarray(0, gap).toString('utf8')
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(headers)?.[1]
  const name = disposition && attribute(disposition, 'name')
  if (!name) return undefined
  return {
    name,
    filename: attribute(disposition, 'filename'),
    type: /^content-type:\s*([^\r\n]+)/im.exec(headers)?.[1]?.trim() ?? 'application/octet-stream',
    // The line break before the next boundary belongs to the boundary.
    bytes: raw.subarray(gap + 4, raw.length - 2),
  }
}

function attribute(disposition: string, key: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${key}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(disposition)
  return found?.[1]?.replaceAll(/\\(.)/g, '$1').replaceAll('%22', '"') ?? found?.[2]
}
