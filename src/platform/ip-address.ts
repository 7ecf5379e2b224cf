import { isIP } from 'node:net'

/**
 * The canonical spelling of an IP address: without port, zone, brackets and quotes; IPv4 instead of IPv4-mapped IPv6;
 * IPv6 in lower case and shortened as in RFC 5952. Undefined if it is no address.
 */
export function canonicalAddress(text: string | null | undefined): string | undefined {
  const whole = (text ?? '').trim().replace(/^"(.*)"$/, '$1')
  // First without removing a port: the end of an IPv6 address may look like one.
  return canonical(whole) ?? canonical(whole.replace(/:\d{0,5}$/, ''))
}

function canonical(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : undefined
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short)
  return mapped ? inIPv4(parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)) : short
}

const inIPv4 = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.')

/** The key of rate limits: a whole IPv4 address, or the /64 of an IPv6 address, which one customer holds. */
export function network(ip: string | null | undefined): string {
  const address = canonicalAddress(ip) ?? 'unknown'
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
