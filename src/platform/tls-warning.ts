const near = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|%2f.*|)$/i

/** Whether what is said to a mail server or a database elsewhere can be read on its way there (ASVS 12.1.1, 12.3.1). */
export function usesPlaintext(address: string): boolean {
  const { protocol, hostname, searchParams } = new URL(address)
  if (near.test(hostname)) return false
  if (protocol === 'smtps:') return false
  if (protocol === 'smtp:') return searchParams.get('requireTLS') !== 'true'
  return !/^(require|verify-ca|verify-full)$/.test(searchParams.get('sslmode') ?? '')
}

/** Whether an address means the machine that it is read on. */
export const isLoopback = (address: string): boolean => near.test(new URL(address).hostname)
