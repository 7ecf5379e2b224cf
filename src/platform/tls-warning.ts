const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|%2f.*|)$/i

/** Whether traffic to a mail server or database on another machine is readable on the way (ASVS 12.1.1, 12.3.1). */
export function usesPlaintext(address: string): boolean {
  const { protocol, hostname, searchParams } = new URL(address)
  if (loopback.test(hostname)) return false
  if (protocol === 'smtps:') return false
  if (protocol === 'smtp:') return searchParams.get('requireTLS') !== 'true'
  return !/^(require|verify-ca|verify-full)$/.test(searchParams.get('sslmode') ?? '')
}

/** Whether an address means this machine. */
export const isLoopback = (address: string): boolean => loopback.test(new URL(address).hostname)
