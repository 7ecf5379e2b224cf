import decodeQR from 'qr/decode.js'

/** What a camera reads from the QR code of a page, drawn as a browser would: the shapes of its SVG, at four pixels a module. */
export function addressInQrCode(html: string): string {
  const [, side, path] = /<svg class="qr" viewBox="0 0 (\d+) \1"[\s\S]*?<path d="([^"]+)"/.exec(html) ?? []
  const [size, scale] = [Number(side), 4]
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y, length] of (path ?? '').matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3)
  return decodeQR({ width, height: width, data })
}
