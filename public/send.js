/** Not fetch: with Trusted Types required, only XMLHttpRequest turns an answer into a document. */
export function send(method, address, fields) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, address)
    request.responseType = 'document'
    request.onload = () => resolve(request)
    request.onerror = reject
    request.onabort = reject
    request.send(fields)
  })
}
