import { isIP } from 'node:net'

/**
 * The one spelling of an IP address, whichever way it was written: without port, zone, brackets and quotes, IPv4 where
 * IPv6 only carries it, IPv6 in lower case and as short as RFC 5952 has it. Undefined for what is no address.
 */
export function canonicalAddress(written: string | null | undefined): string | undefined {
  const whole = (written ?? '').trim().replace(/^"(.*)"$/, '$1')
  // As it stands first: the end of an IPv6 address may look like a port.
  return shortest(whole) ?? shortest(whole.replace(/:\d{0,5}$/, ''))
}

function shortest(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : undefined
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short)
  return mapped ? inIPv4(parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)) : short
}

const inIPv4 = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.')

/** What limits count by: an IPv4 address whole, the /64 of an IPv6 address, where one customer holds all of it. */
export function network(ip: string | null | undefined): string {
  const address = canonicalAddress(ip) ?? 'unknown'
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
