import encodeQR from 'qr'

/** A QR code as an SVG: the side of its square in modules, and the path of the dark ones. */
export interface QrCode {
  size: number
  path: string
}

/** White modules around the code, so that cameras find its edges (ISO/IEC 18004). */
const quietZone = 4

/** Draws a text as a QR code. The path is made of numbers, so that nothing else can get into the page. */
export function qrCode(text: string): QrCode {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: quietZone })
  return { size: rows.length, path: rows.map(pathOfRow).join('') }
}

/** A rectangle for each run of dark modules. */
function pathOfRow(row: boolean[], y: number): string {
  const line = row.map((dark) => (dark ? '1' : '0')).join('')
  return [...line.matchAll(/1+/g)]
    .map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)
    .join('')
}
